/**
 * The text of `netwright help credentials`.
 *
 * @module
 */

/** Lines of at most 80 columns. */
export const CREDENTIALS_TOPIC: string =
  `netwright credentials: user names, passwords, tokens and certificates

  netwright ftp ls --password-file secret ftp+tls://ann@ftp.example.org/

The user name comes from the URL or --user. The password comes from the first of
these sources that has one:

  1. the URL: ftp://ann:secret@ftp.example.org/ (visible to other users in the
     list of processes)
  2. --token-file FILE or --token-command COMMAND: an OAuth token in its place
     (smtp send, smtp verify)
  3. --password-file FILE: its first line
  4. --netrc FILE: the entry of the host, or of the user at the host
  5. NETWRIGHT_PASSWORD in the environment
  6. a prompt without echo, at a terminal

Files are read only if an option names them: ~/.netrc is not searched for.
Passwords and tokens are never printed: --wire and logs mask them.

Passwords travel over TLS, or to loopback, only. --insecure-auth sends them in
clear text all the same. A command with credentials insists on STARTTLS where
the protocol has it (--starttls=require).

  --ca FILE          trust these certificates (PEM) besides the system's
  --tls-cert FILE    present this certificate chain, with --tls-key FILE
  --insecure-tls     accept any certificate; no password is sent then

Users of a server: netwright password makes a line of the file that --users
names. Passwords are kept as salted hashes.`;
