"""The style sheet of a model card: light and dark, from a telephone to a wide screen, without anything from outside."""

STYLE = """
:root { color-scheme: light dark;
  --ground: #faf7f4; --surface: #fff; --raised: #f1ebe8; --line: #ded4d2; --text: #21182b; --muted: #655a70;
  --c0: #b8470b; --c1: #2b6cb0; --c2: #0d7a54; --c3: #8e3b9e; --c4: #8a6d00; --c5: #b81d5b; --refused: #b3202c;
  --stream: linear-gradient(100deg, #ff9f5a, #ff6f91); }
@media (prefers-color-scheme: dark) { :root {
  --ground: #100e17; --surface: #1a1724; --raised: #262132; --line: #372f48; --text: #f6f2fb; --muted: #b3a9c4;
  --c0: #ff9f5a; --c1: #7cb7f2; --c2: #6be3b4; --c3: #d79bea; --c4: #e3cf6b; --c5: #ff7fa5; --refused: #ff8f8f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text);
  font: 15px/1.55 "Inter", "Segoe UI", system-ui, -apple-system, "Helvetica Neue", "Noto Sans", Arial, sans-serif; }
body::before { content: ""; display: block; height: 6px; background: var(--stream); }
main { max-width: 1120px; margin: 0 auto; padding: 28px 16px 64px; }
header p { margin: 0; color: var(--muted); }
h1 { margin: 2px 0 4px; font-size: clamp(1.75rem, 1.2rem + 2.6vw, 3rem); line-height: 1.1; letter-spacing: -.02em; }
h2 { margin: 44px 0 12px; font-size: 1.3rem; letter-spacing: -.01em; }
h3 { margin: 0 0 2px; font-size: 1rem; }
p, ul { margin: 0 0 12px; max-width: 76ch; }
code { font: .92em ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(148px, 1fr)); gap: 10px; margin: 24px 0 0; }
.tile { background: var(--surface); border: 1px solid var(--line); border-radius: 14px; padding: 14px 16px; }
.tile b { display: block; font-size: 1.6rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.tile span { color: var(--muted); font-size: .8125rem; }
.verdict { border-left: 4px solid var(--c2); background: var(--surface); border-radius: 0 10px 10px 0;
  padding: 10px 14px; margin: 16px 0 0; max-width: none; }
.verdict.refused { border-color: var(--refused); }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 316px), 1fr)); gap: 14px; }
figure { margin: 0; background: var(--surface); border: 1px solid var(--line); border-radius: 14px; padding: 14px; }
figcaption, .note { color: var(--muted); font-size: .8125rem; line-height: 1.45; }
.wide { overflow-x: auto; margin-top: 14px; }
.wide > div { max-width: 620px; }
svg { display: block; width: 100%; height: auto; margin: 8px 0 4px; }
svg text { fill: var(--muted); font-size: 11px; font-variant-numeric: tabular-nums; }
.axis { stroke: var(--line); stroke-width: 1; }
.curve { fill: none; stroke-width: 2.2; stroke-linejoin: round; stroke-linecap: round; }
.whisker { stroke: var(--text); stroke-width: 1.2; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 14px; list-style: none; padding: 0; margin: 0 0 4px;
  font-size: .8125rem; }
.legend svg { display: inline-block; width: 26px; height: 8px; margin: 0 5px 1px 0; vertical-align: middle; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 14px; background: var(--surface); }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 7px 14px; border-bottom: 1px solid var(--line); vertical-align: top; }
tr:last-child > * { border-bottom: 0; }
thead th { background: var(--raised); font-size: .8125rem; white-space: nowrap; }
tbody th { font-weight: 500; white-space: nowrap; }
td.number, th.number { text-align: right; white-space: nowrap; }
td small { color: var(--muted); display: block; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr)); gap: 14px;
  align-items: start; }
.facts tbody th { white-space: normal; color: var(--muted); font-weight: 400; width: 46%; }
.facts td { overflow-wrap: anywhere; }
.limits li { margin-bottom: 10px; }
footer { margin-top: 48px; color: var(--muted); font-size: .8125rem; }
@media print { body { background: #fff; } figure, .tile { break-inside: avoid; } }
"""
