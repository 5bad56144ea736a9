/**
 * Names of charsets as mail has them.
 *
 * @module
 */

/** Labels of each charset: in lower case, letters and digits only. */
const LABELS: Readonly<Record<string, string>> = {
  "big5": "950 big5 big5hkscs big5tw cp950 csbig5 hkscs ms950 xmactradchinese",
  "cp1006": "cp1006",
  "cp1125": "1125 cp1125 cp866u ibm1125 ruscii",
  "cp437": "437 cp437 cspc8codepage437 ibm437 pc8codepage437",
  "cp720": "cp720",
  "cp737": "cp737",
  "cp775": "775 cp775 cspc775baltic ibm775",
  "cp850": "850 cp850 cspc850multilingual ibm850",
  "cp852": "852 cp852 cspcp852 ibm852",
  "cp855": "855 cp855 csibm855 ibm855",
  "cp856": "cp856",
  "cp857": "857 cp857 csibm857 ibm857",
  "cp858": "858 cp858 csibm858 ibm858",
  "cp860": "860 cp860 csibm860 ibm860",
  "cp861": "861 cp861 cpis csibm861 ibm861",
  "cp862": "862 cp862 cspc862latinhebrew ibm862",
  "cp863": "863 cp863 csibm863 ibm863",
  "cp864": "864 cp864 csibm864 ibm864",
  "cp865": "865 cp865 csibm865 ibm865",
  "cp869": "869 cp869 cpgr csibm869 ibm869",
  "euc-jp": "eucjis2004 eucjisx0213 eucjp eucjpms jisx0213 ujis",
  "euc-kr": "949 cp949 euckr korean ksc5601 ksc56011987 ksx1001 ms949 uhc xmackorean",
  "gb18030": "gb18030 gb180302000",
  "gbk":
    "936 chinese cp936 csiso58gb231280 euccn eucgb2312cn gb2312 gb23121980 gb231280 gbk isoir58 ms936 xmacsimpchinese",
  "hp-roman8": "cp1051 cshproman8 hproman8 ibm1051 r8 roman8",
  "hz-gb-2312": "hz hzgb hzgb2312",
  "ibm866": "866 cp866 csibm866 ibm866",
  "iso-2022-jp":
    "cp50220 cp50221 csiso2022jp iso2022jp iso2022jp1 iso2022jp2 iso2022jp2004 iso2022jp3 iso2022jpext iso2022jpms",
  "iso-2022-kr": "csiso2022kr iso2022kr",
  "iso-8859-10": "csisolatin6 iso885910 iso8859101992 isoir157 l6 latin6",
  "iso-8859-13": "iso885913 l7 latin7",
  "iso-8859-14": "iso885914 iso8859141998 isoceltic isoir199 l8 latin8",
  "iso-8859-15": "iso885915 l9 latin9",
  "iso-8859-16": "iso885916 iso8859162001 isoir226 l10 latin10",
  "iso-8859-2": "csisolatin2 iso88592 iso885921987 isoir101 l2 latin2",
  "iso-8859-3": "csisolatin3 iso88593 iso885931988 isoir109 l3 latin3",
  "iso-8859-4": "csisolatin4 iso88594 iso885941988 isoir110 l4 latin4",
  "iso-8859-5": "csisolatincyrillic cyrillic iso88595 iso885951988 isoir144",
  "iso-8859-6":
    "arabic asmo708 csisolatinarabic ecma114 iso88596 iso885961987 iso88596e iso88596i isoir127",
  "iso-8859-7": "csisolatingreek ecma118 elot928 greek greek8 iso88597 iso885971987 isoir126",
  "iso-8859-8": "csisolatinhebrew hebrew iso88598 iso885981988 iso88598e isoir138",
  "koi8-r": "cskoi8r koi8r",
  "koi8-t": "koi8t",
  "koi8-u": "koi8u",
  "kz1048": "kz1048 rk1048 strk10482002",
  "mac-arabic": "macarabic",
  "mac-croatian": "maccroatian",
  "mac-farsi": "macfarsi",
  "mac-greek": "macgreek",
  "mac-iceland": "maciceland",
  "mac-latin2": "macce maccenteuro maccentraleurope maclatin2",
  "mac-romanian": "macromanian",
  "mac-turkish": "macturkish",
  "macintosh": "macintosh macroman",
  "palmos": "palmos",
  "ptcp154": "cp154 csptcp154 cyrillicasian pt154 ptcp154",
  "shift_jis":
    "932 cp932 csshiftjis ms932 mskanji shiftjis shiftjis2004 shiftjisx0213 sjis sjis2004 sjisx0213 windows31j windows932 xmacjapanese xmscp932",
  "us-ascii":
    "646 7bit 8bit ansix341968 ansix341986 ascii cp367 csascii ibm367 iso646irv1991 iso646us isoir6 us usascii",
  "utf-16": "u16 utf16",
  "utf-16be": "unicodebigunmarked utf16be",
  "utf-16le": "unicodelittleunmarked utf16le",
  "utf-32": "u32 utf32",
  "utf-32be": "utf32be",
  "utf-32le": "utf32le",
  "utf-7": "u7 unicode11utf7 utf7",
  "utf-8": "cp65001 u8 utf utf8 utf8mb4 utf8sig utf8ucs2 utf8ucs4",
  "windows-1250": "1250 ansi1250 cp1250 ms1250 win1250 windows1250",
  "windows-1251": "1251 ansi1251 cp1251 ms1251 win1251 windows1251",
  "windows-1252":
    "1252 8859 ansi1252 cp1252 cp819 csisolatin1 ibm819 iso8859 iso88591 iso885911987 isoir100 l1 latin latin1 ms1252 win1252 windows1252",
  "windows-1253": "1253 ansi1253 cp1253 ms1253 win1253 windows1253",
  "windows-1254":
    "1254 ansi1254 cp1254 csisolatin5 iso88599 iso885991989 isoir148 l5 latin5 ms1254 win1254 windows1254",
  "windows-1255": "1255 ansi1255 cp1255 ms1255 win1255 windows1255",
  "windows-1256": "1256 ansi1256 cp1256 ms1256 win1256 windows1256",
  "windows-1257": "1257 ansi1257 cp1257 ms1257 win1257 windows1257",
  "windows-1258": "1258 ansi1258 cp1258 ms1258 win1258 windows1258",
  "windows-874":
    "cp874 iso885911 iso8859112001 isoir166 thai tis620 tis6200 tis62025290 tis62025291",
  "x-mac-cyrillic": "maccyrillic",
};

const CHARSETS: ReadonlyMap<string, string> = new Map(
  Object.entries(LABELS).flatMap(([charset, labels]) =>
    labels.split(" ").map((label) => [label, charset] as const)
  ),
);

/**
 * The charset that a label names, however it is spelled: `ISO8859_15`, `x-mac-roman`, `csIBM850`.
 *
 * @param label The label.
 * @returns The name of the charset, of the Encoding standard if it has it; undefined if it is unknown.
 */
export function charsetOf(label: string): string | undefined {
  const key = label.toLowerCase().replace(/[^a-z0-9]/g, "");
  return CHARSETS.get(key) ?? CHARSETS.get(key.replace(/^(?:x|cs)/, ""));
}
