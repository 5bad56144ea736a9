/**
 * The syntax of a command line, as data.
 *
 * @module
 */

/** One option of a command. */
export interface OptionSpec {
  /** What stands for its value in the help; absent if it takes none. */
  readonly value?: string;
  /** Whether the value may be left out: `--starttls` and `--starttls=require`. */
  readonly optionalValue?: boolean;
  /** A single letter that stands for it. */
  readonly short?: string;
  /** Whether it may be given several times. */
  readonly many?: boolean;
  /** The only values that it takes. */
  readonly choices?: readonly string[];
  /** One line of help. */
  readonly help: string;
  /** Whether few need it: then `help COMMAND` shows it, and `--help` does not. */
  readonly rare?: boolean;
}

/** The options of a command by their long names, without dashes. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** The syntax of a command line. */
export interface CommandSyntax {
  /** One word, or two for a member of a family: `ftp get`. */
  readonly name: string;
  /** The operands, such as `HOST[:PORT]…`; empty if there are none. */
  readonly operands: string;
  /** How many operands it takes. */
  readonly count: { readonly min: number; readonly max?: number };
  /** Options beyond the common ones. */
  readonly options?: OptionSpecs;
  /** Options that it would have in another form, as of another service, for the error that names them. */
  readonly inapplicable?: readonly string[];
  /** How the usage calls what follows `--`, if that belongs to a program and is not parsed. */
  readonly rest?: string;
}
