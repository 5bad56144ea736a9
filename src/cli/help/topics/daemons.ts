/**
 * The text of `netwright help daemons`.
 *
 * @module
 */

/** Lines of at most 80 columns. */
export const DAEMONS_TOPIC: string =
  `netwright daemons: servers in the background, as another user, under systemd

  netwright serve echo --listen 127.0.0.1:7 --daemon --pid-file /run/echo.pid \\
      --user nobody --chroot /var/empty --log syslog:unix:/dev/log

Every "serve" has these options:

  --daemon         run in the background, in a session of its own, with null
                   standard streams; the command ends when the server serves,
                   or with its error. Requires --log; --debug prevents it.
  --pid-file FILE  the number of the process. The file is locked while it runs:
                   a second server is refused, the file of a dead one is taken.
  --user, --group  become this user, with his groups or this one only, after
                   ports, certificates and files of options are open; for good,
                   in all threads, verified. Only root can.
  --chroot DIR     make DIR the root of the file system at the same time: name
                   folders of the service as they are seen inside. Not with the
                   models fork and prefork, whose program is outside.
  --umask MASK     permission bits that new files do not get

  --log TARGET     stderr; file:PATH, which may be moved away at any time;
                   syslog:unix:/dev/log, syslog+udp://HOST, +tcp, +tls. A slow
                   or absent collector delays nothing; what is lost is counted.

  --proxy-protocol FROM
                   connections from these networks begin with the PROXY protocol
                   (v1, v2): limits and logs count the clients that it names.
                   Others are served as they are: let no stranger be in FROM.

Signals: HUP reads certificates and files of options again, without cutting a
connection; a file that cannot be read any more leaves the old values. USR2
writes the status to the log. TERM and INT accept no more, let sessions end for
--grace seconds (default 0.5), then end them and the workers; a second one is
at once.

systemd: "netwright serve … --unit" prints a unit file. Under systemd a server
says when it serves, reloads and stops (NOTIFY_SOCKET), and that it lives
(WATCHDOG_USEC) as often as it is asked.
`;
