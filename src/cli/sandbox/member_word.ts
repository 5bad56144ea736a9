/**
 * How the program is told that it is a member: not by users, so it is no command.
 *
 * @module
 */

/** The first word of its command line. */
export const MEMBER_WORD = "--member";

/** The variable that holds its order; only processes of the same user can read it. */
export const MEMBER_VARIABLE = "NETWRIGHT_MEMBER";
