/**
 * Names of months as servers abbreviate them in the languages of the world.
 *
 * @module
 */

/** Abbreviations from January on; several of one month are separated by a bar. Without dots, in lower case. */
const LANGUAGES: readonly string[] = [
  // German, Dutch, Swedish, Danish, Norwegian, Estonian
  "jan|jän|jaan feb|veebr mär|mrz|mrt|märts apr mai|maj|mei jun|juuni jul|juuli aug sep|sept okt nov dez|dec|des|dets",
  // French, Spanish, Italian, Portuguese, Romanian
  "janv|ene|gen|jan|ian févr|fév|feb|fev mars|mar avr|avril|abr|apr mai|may|mag juin|jun|giu|iun juil|jul|lug|iul août|ago|aug sept|sep|set oct|ott|out|oct nov|noi déc|dic|dez|dec",
  // Polish, Czech, Hungarian
  "sty|led|jan lut|úno|febr mar|bře|márc kwi|dub|ápr maj|kvě|máj cze|čen|čer|jún lip|čec|črc|júl sie|srp|aug wrz|zář|szept paź|říj|okt lis|nov gru|pro|dec",
  // Finnish, Turkish
  "tammi|oca helmi|şub maalis|mar huhti|nis touko|may kesä|haz heinä|tem elo|ağu syys|eyl loka|eki marras|kas joulu|ara",
  // Russian, Ukrainian, Bulgarian
  "янв|січ|яну фев|лют мар|бер апр|кві май|мая|тра июн|чер|юни июл|лип|юли авг|сер сен|вер|сеп окт|жов ноя|лис|ное дек|гру",
  // Greek
  "ιαν φεβ μαρ|μάρ απρ μαΐ|μάι|μαι ιουν|ιούν ιουλ|ιούλ αυγ|αύγ σεπ οκτ νοε|νοέ δεκ",
];

const ENGLISH = [
  "jan",
  "feb",
  "mar",
  "apr",
  "may",
  "jun",
  "jul",
  "aug",
  "sep",
  "oct",
  "nov",
  "dec",
];

const LOCAL: ReadonlyMap<string, number> = new Map(
  LANGUAGES.flatMap((language) =>
    language.split(" ").flatMap((names, index) =>
      names.split("|").map((name) => [name, index + 1] as const)
    )
  ),
);

/** Which names of months are known. */
export type MonthNames = "english" | "local" | "any";

/**
 * Reads the name of a month.
 *
 * @param word Such as `Feb`, `févr.`, `2月`.
 * @param names Which names are known; with `any` each word is one.
 * @returns 1 to 12; 0 for a word that may be a month's name; undefined for one that is not.
 */
export function monthOf(word: string, names: MonthNames): number | undefined {
  const plain = word.toLowerCase().replace(/\.$/, "");
  const english = ENGLISH.indexOf(plain) + 1;
  if (english > 0) return english;
  if (names === "english") return undefined;
  const numbered = /^(\d{1,2})[月월]$/.exec(plain)?.[1];
  if (numbered !== undefined) {
    return Number(numbered) >= 1 && Number(numbered) <= 12 ? Number(numbered) : undefined;
  }
  const local = LOCAL.get(plain);
  return local ?? (names === "any" && /^\p{L}/u.test(plain) ? 0 : undefined);
}
