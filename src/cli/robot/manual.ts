/**
 * The manual of the robot.
 *
 * @module
 */

/** Shown by `help http robot`. */
export const MANUAL =
  `What is read: pages (HTML, Markdown), style sheets and sitemaps of the starts'
own hosts, as far as robots.txt, --depth, --below, --include and --exclude let
it. Every other link is checked by HEAD, and by GET if that fails; nothing
beyond is followed. Links marked nofollow are checked only. mailto: links are
checked by the domain's mail servers in DNS, ftp:, news: and nntp: links at
their servers; all other schemes are left alone. --internal checks nothing on
other hosts. Inner addresses, such as 127.0.0.1 or 10.0.0.1, that a page names
are not asked unless --allow-host or a start names their host; then all its
ports count. --header and credentials go to the starts' hosts only.

Each URL is requested once. Two are the same if they differ only in the case of
scheme and host, the default port, dot segments, needless percent encoding, an
empty query or the fragment, or in parameters of --ignore-parameter.

What counts as what:
  error     dead (404, 410 and the like, no such host), failed (5xx, refused,
            malformed), insecure (certificate), redirect-loop, missing-fragment,
            malformed-url, local-file (a file: link on a site)
  unclear   denied (401, 403), limited (429), timeout, outside (not requested)
  warning   mixed-content, certificate-ends (in less than 21 days), trap,
            unread (too large)
  note      redirect, slow, robots, only-in-sitemap: shown with --notes
Only errors make the exit status 4, with --strict all but notes.

Politeness: one request at a time for each host, 0.1 s apart, or as
robots.txt says (Crawl-delay); Retry-After is obeyed up to --max-wait, beyond
which the server is left alone. A server without robots.txt allows all; one
that fails to give it allows nothing.

Traps: a path with more than 32 segments, or that repeats one to four segments
more than three times, more than 1000 queries of one path, and pages with the
same title and links as 25 others are not followed.

PATTERN: the beginning of a URL; with * as any characters, the whole of it;
between slashes, /a regular expression/ (RE2).

--state: the file is a database. A run that was interrupted goes on with it; a
finished one begins anew, and asks only for pages that have changed. Without it
the state is in memory, about 500 bytes for each URL.

Local files: a link that begins with a slash counts from the folder that was
named. What is outside of all operands is unclear, and so is a symbolic link
that leads out of its folder.
A folder is its index.html or README.md, if it has one.

--baseline: a file that --write-baseline made: one failure a line, as JSON.
Known ones are left out; those that are no longer found are named. Local files
are written relative to it: it serves from any working folder.`;
