/**
 * The style sheet of the report.
 *
 * @module
 */

/** CSS without references to anything. */
export const STYLE = `
:root{color-scheme:light dark;--back:light-dark(#fff,#0d1117);--panel:light-dark(#f6f8fa,#161b22);
--text:light-dark(#1f2328,#e6edf3);--dim:light-dark(#59636e,#9198a1);--line:light-dark(#d1d9e0,#3d444d);
--link:light-dark(#0550ae,#79c0ff);--error:light-dark(#b31d28,#ff8983);--unclear:light-dark(#7a4f01,#e3b341);
--warning:light-dark(#8a4600,#f0a35e);--note:light-dark(#0550ae,#79c0ff);--ok:light-dark(#1a6f37,#56d364);
--fill-error:light-dark(#f3a6a6,#8e2a2a);--fill-unclear:light-dark(#f0d58a,#6e5410);
--fill-warning:light-dark(#f5c08f,#7a4a16);--fill-note:light-dark(#a9cff5,#23466e);--fill-ok:light-dark(#b7e3c0,#1f5130)}
:root[data-theme=light]{color-scheme:light}
:root[data-theme=dark]{color-scheme:dark}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--text);font:15px/1.45 system-ui,sans-serif}
header,main,footer{max-width:78rem;margin:0 auto;padding:0 1rem}
header{padding-top:1rem}
h1{font-size:1.4rem;margin:0;overflow-wrap:anywhere}
h2{font-size:1.15rem;margin:0 2rem .5rem 0;overflow-wrap:anywhere}
h3{font-size:1rem;margin:1rem 0 .25rem}
#when,#left-out,.count,footer{color:var(--dim);font-size:.9rem}
#counts{display:flex;flex-wrap:wrap;gap:.5rem;list-style:none;padding:0;margin:.75rem 0}
#counts li{background:var(--panel);border:1px solid var(--line);border-radius:.5rem;padding:.35rem .75rem}
#counts b{font-size:1.15rem}
#counts .errors b{color:var(--error)}#counts .unclear b{color:var(--unclear)}#counts .warnings b{color:var(--warning)}
.bar{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;margin:.5rem 0}
#tabs{display:flex;flex-wrap:wrap;gap:.25rem;flex:1}
button,input{font:inherit;color:inherit}
#tabs button,#theme,.more,#detail>button{background:var(--panel);border:1px solid var(--line);border-radius:.4rem;
padding:.3rem .7rem;cursor:pointer}
#tabs [aria-selected=true]{background:var(--text);color:var(--back)}
#search{background:var(--back);border:1px solid var(--line);border-radius:.4rem;padding:.3rem .6rem;min-width:14rem}
:focus-visible{outline:3px solid var(--link);outline-offset:1px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.92rem}
caption{text-align:left;font-weight:600;padding:.25rem 0}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
th button{background:none;border:0;padding:0;font-weight:600;cursor:pointer}
th[aria-sort=ascending] button::after{content:" ▲"}
th[aria-sort=descending] button::after{content:" ▼"}
td{min-width:4rem}
th.number,td.number{text-align:right;white-space:nowrap;padding-right:.6rem}
td.number details{text-align:left;white-space:normal}
td ul{margin:.25rem 0;padding-left:1.1rem}
a,button.link{color:var(--link)}
button.link{background:none;border:0;padding:0;text-align:left;cursor:pointer;text-decoration:underline;overflow-wrap:anywhere}
.badge{display:inline-block;border:1px solid currentColor;border-radius:1rem;padding:0 .55rem;font-size:.8rem;white-space:nowrap}
.badge.error{color:var(--error)}.badge.unclear{color:var(--unclear)}.badge.warning{color:var(--warning)}
.badge.note{color:var(--note)}.badge.ok{color:var(--ok)}
svg{display:block;width:100%;height:auto;border:1px solid var(--line);border-radius:.4rem;background:var(--panel)}
.area{stroke:var(--back);stroke-width:.6;cursor:pointer}
.area.folder{stroke-width:2.5}
.area.error{fill:var(--fill-error)}.area.unclear{fill:var(--fill-unclear)}.area.warning{fill:var(--fill-warning)}
.area.note{fill:var(--fill-note)}.area.ok{fill:var(--fill-ok)}
.chosen{fill:none;stroke:var(--text);stroke-width:3;pointer-events:none}
.label{font:13px system-ui,sans-serif;fill:var(--text);pointer-events:none;paint-order:stroke;stroke:var(--back);
stroke-width:3px;stroke-linejoin:round}
.legend{display:flex;gap:.4rem;flex-wrap:wrap}
dialog{width:min(56rem,94vw);max-height:88vh;overflow:auto;background:var(--back);color:var(--text);
border:1px solid var(--line);border-radius:.6rem;padding:1rem}
dialog::backdrop{background:#0008}
#detail>button{position:sticky;top:0;float:right}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:0}
dt{color:var(--dim)}
dd{margin:0;overflow-wrap:anywhere}
dialog ul{padding-left:1.2rem;margin:.25rem 0}
@media (max-width:40rem){#search{width:100%}table{min-width:40rem}}
th{white-space:nowrap}
@media print{.bar,.more{display:none}}
`.replaceAll("\n", "");
