/**
 * What mailboxes are for: by their attributes (RFC 6154), or else by their names.
 *
 * @module
 */

/** The use of a mailbox. */
export type SpecialUse = "all" | "archive" | "drafts" | "flagged" | "junk" | "sent" | "trash";

/** Attributes; the older ones are Gmail's and iCloud's XLIST. */
const ATTRIBUTES: Readonly<Record<string, SpecialUse>> = {
  "\\all": "all",
  "\\allmail": "all",
  "\\archive": "archive",
  "\\drafts": "drafts",
  "\\flagged": "flagged",
  "\\starred": "flagged",
  "\\important": "flagged",
  "\\junk": "junk",
  "\\spam": "junk",
  "\\sent": "sent",
  "\\trash": "trash",
};

/** Names that programs and providers give them, in lower case. */
const NAMES: Readonly<Record<Exclude<SpecialUse, "all" | "flagged">, readonly string[]>> = {
  archive: [
    "archive",
    "archives",
    "archiv",
    "archivo",
    "archivio",
    "archief",
    "arquivo",
    "архив",
    "アーカイブ",
    "归档",
  ],
  drafts: [
    "drafts",
    "draft",
    "entwürfe",
    "entwurf",
    "brouillons",
    "borradores",
    "bozze",
    "concepten",
    "rascunhos",
    "utkast",
    "kladder",
    "luonnokset",
    "koncepty",
    "szkice",
    "piszkozatok",
    "черновики",
    "чернетки",
    "taslaklar",
    "下書き",
    "草稿",
    "草稿箱",
    "임시 보관함",
  ],
  junk: [
    "junk",
    "spam",
    "junk e-mail",
    "junk email",
    "junk mail",
    "bulk mail",
    "bulk",
    "spamverdacht",
    "junk-e-mail",
    "courrier indésirable",
    "indésirables",
    "pourriel",
    "correo no deseado",
    "posta indesiderata",
    "ongewenste e-mail",
    "lixo eletrônico",
    "skräppost",
    "søppelpost",
    "roskaposti",
    "wiadomości-śmieci",
    "нежелательная почта",
    "спам",
    "迷惑メール",
    "垃圾邮件",
    "垃圾郵件",
    "스팸",
  ],
  sent: [
    "sent",
    "sent items",
    "sent messages",
    "sent mail",
    "sent-mail",
    "sentmail",
    "gesendet",
    "gesendete objekte",
    "gesendete elemente",
    "gesendete",
    "postausgang",
    "envoyés",
    "éléments envoyés",
    "messages envoyés",
    "objets envoyés",
    "enviados",
    "elementos enviados",
    "mensajes enviados",
    "inviati",
    "posta inviata",
    "posta inviata",
    "verzonden",
    "verzonden items",
    "itens enviados",
    "skickat",
    "sendt",
    "sendte",
    "lähetetyt",
    "odeslané",
    "wysłane",
    "elküldött",
    "отправленные",
    "надіслані",
    "gönderilmiş öğeler",
    "送信済み",
    "送信済みアイテム",
    "已发送",
    "已发送邮件",
    "寄件備份",
    "보낸 편지함",
  ],
  trash: [
    "trash",
    "deleted items",
    "deleted messages",
    "deleted",
    "bin",
    "papierkorb",
    "gelöschte elemente",
    "gelöschte objekte",
    "gelöscht",
    "corbeille",
    "éléments supprimés",
    "papelera",
    "elementos eliminados",
    "cestino",
    "posta eliminata",
    "prullenbak",
    "verwijderde items",
    "lixeira",
    "itens excluídos",
    "papperskorgen",
    "papirkurv",
    "søppelkasse",
    "roskakori",
    "koš",
    "kosz",
    "lomtár",
    "корзина",
    "удаленные",
    "кошик",
    "çöp kutusu",
    "ゴミ箱",
    "已删除",
    "已删除邮件",
    "垃圾桶",
    "휴지통",
  ],
};

/** Uses by name. */
const USES: ReadonlyMap<string, SpecialUse> = new Map(
  Object.entries(NAMES).flatMap(([use, names]) =>
    names.map((name) => [name, use as SpecialUse] as const)
  ),
);

/**
 * Finds the use of a mailbox in its attributes.
 *
 * @param attributes Attributes in any case.
 * @returns The use; undefined if they name none.
 */
export function specialUseOf(attributes: Iterable<string>): SpecialUse | undefined {
  for (const attribute of attributes) {
    const use = ATTRIBUTES[attribute.toLowerCase()];
    if (use !== undefined) return use;
  }
  return undefined;
}

/**
 * Guesses the use of a mailbox by its name.
 *
 * @param name The name, without the levels above it.
 * @returns The use; undefined if the name says nothing.
 */
export function usualUseOf(name: string): SpecialUse | undefined {
  return USES.get(name.normalize("NFC").toLowerCase());
}
