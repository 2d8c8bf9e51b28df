export const STYLE = `
:root {
  --paper: #fbfaf8; --card: #fff; --ink: #1d1b18; --soft: #635e57; --line: #e4dfd7;
  --red: #b3261e; --amber: #8a5a00; --green: #1d6f42; --grey: #6a6660; --blue: #2f5f9e;
  --mono: ui-monospace, 'Cascadia Mono', 'SF Mono', Menlo, Consolas, monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #161514; --card: #1f1e1c; --ink: #ece8e1; --soft: #a8a198; --line: #35322e;
    --red: #ff8a80; --amber: #f0b95a; --green: #7fd1a0; --grey: #a09a92; --blue: #8fb8ef;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif; }
header, main { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2.5rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: .1rem 0 .4rem; letter-spacing: -.015em; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .1rem; }
p { margin: .4rem 0; }
.tool, .about, .took, .count-of { color: var(--soft); font-size: .875rem; }
.tool { margin: 0; }
.outcome { font-size: 1.15rem; font-weight: 600; margin: 0 0 1.4rem; }
.outcome.held { color: var(--green); } .outcome.fell-short { color: var(--red); }
.outcome.could-not-run { color: var(--amber); }
.bar { display: flex; gap: 2px; height: .6rem; border-radius: .3rem; overflow: hidden; }
.bar i { min-width: 4px; background: currentColor; flex-basis: 0; }
.fell-short { --tone: var(--red); } .known, .inconclusive { --tone: var(--amber); }
.not-run { --tone: var(--blue); } .held { --tone: var(--green); } .not-applicable { --tone: var(--grey); }
.could-not-run { --tone: var(--amber); }
.bar i, .totals li { color: var(--tone); }
.totals { list-style: none; display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; padding: 0; margin: .7rem 0 1.2rem; }
.totals a { color: inherit; text-decoration: none; display: inline-block; padding: .15rem 0; }
.totals a:hover { text-decoration: underline; }
.totals b { font-size: 1.25rem; font-variant-numeric: tabular-nums; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .7rem 1.5rem;
  margin: 0; padding: 1rem 0; border-block: 1px solid var(--line); font-size: .875rem; }
.facts dt { color: var(--soft); } .facts dd { margin: 0; overflow-wrap: anywhere; }
section > h2 { color: var(--tone); }
.count { font-weight: 400; color: var(--soft); font-variant-numeric: tabular-nums; }
main { padding-bottom: 4rem; }
details { border-top: 1px solid var(--line); }
section > details:last-of-type { border-bottom: 1px solid var(--line); }
details:target { background: var(--card); }
summary { display: grid; grid-template-columns: 4rem 1fr auto; gap: .1rem .9rem; align-items: baseline;
  padding: .6rem .2rem; cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary:hover { background: var(--card); }
:focus-visible { outline: 2px solid var(--blue); outline-offset: 2px; border-radius: 2px; }
.id { font: 600 .9rem/1.5 var(--mono); color: var(--tone); }
.id::before { content: '+'; display: inline-block; width: 1ch; margin-right: .4ch; color: var(--soft); font-weight: 400; }
details[open] .id::before { content: '–'; }
.clause { color: var(--soft); font-size: .8125rem; text-align: right; max-width: 18rem; }
.inside { padding: 0 .2rem 1.2rem 4.9rem; }
.why { color: var(--soft); }
code { font: .9em var(--mono); }
.nowrap { white-space: nowrap; }
.reason { font-weight: 500; }
.finding { border-left: 3px solid var(--tone); padding-left: .9rem; margin: .9rem 0; }
.finding > p:first-child { font-weight: 500; margin-top: 0; overflow-wrap: anywhere; }
pre { margin: .4rem 0; padding: .6rem .8rem; background: var(--card); border: 1px solid var(--line); border-radius: 6px;
  font: .8125rem/1.5 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; max-height: 26rem; overflow-y: auto; }
.sent::before, .came::before { display: block; font: 500 .75rem/1.6 system-ui, sans-serif; color: var(--soft); }
.sent::before { content: 'Sent'; } .came::before { content: 'Came back'; }
@media (max-width: 40rem) {
  header { padding-top: 1.5rem; } h1 { font-size: 1.6rem; }
  summary { grid-template-columns: 1fr auto; } .sentence { grid-column: 1 / -1; grid-row: 2; }
  .clause { max-width: 13rem; } .inside { padding-left: .2rem; }
}
@media print { details > .inside { display: block; } pre { max-height: none; } }
`
