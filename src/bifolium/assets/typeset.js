"use strict";
// Between bifolium and KaTeX: formulas in, HTML or a message in our words out, as JSON both ways. It runs after dialect.js
// and mistakes.js, in the same scope.
// A formula is [TeX, display, definitions before it] and gets [html], or [html or "", message, offset, length]: both in
// UTF-16 units, offset -1 if the fault has no place in the formula. Further faults follow, each [message, offset, length].

// What KaTeX draws in place of a command that it doesn't trust is no error, and what it held is lost. Red is the sign.
const DISTRUST = "#badbad";
const DISTRUSTED = /\\(?:href|url|includegraphics|html(?:Class|Id|Style|Data))(?![A-Za-z])/;
const LIMITS = { trust: false, maxSize: 50, maxExpand: 1000 };
const MANNERS = { colorIsTextColor: true, throwOnError: true, errorColor: DISTRUST };

function distrust(html, tex) {
  const found = DISTRUSTED.exec(tex);
  return found && html.includes(DISTRUST) ? ["", `\`${found[0]}\` is not allowed in a formula`, found.index, found[0].length] : null;
}

// KaTeX cuts giant lengths without a word, or lets those below nothing lead out of the page.
const UNITS = { em: 1, ex: 0.43, mu: 1 / 18, pt: 0.1, mm: 0.28, cm: 2.8, in: 7.2, bp: 0.1, pc: 1.2, px: 0.1 };
const LENGTH = /[-+]?(\d+(?:\.\d*)?)\s*(em|ex|mu|pt|mm|cm|in|bp|pc|px)/g;
const WITH_LENGTHS =
  /\\(?:(?:rule|hspace|raisebox|mspace|Rule|Space|\\)\*?(?:\s*[[{][^\]{}]{0,40}[\]}])+|(?:kern|hskip|mkern|mskip|raise|lower)\s*[-+]?\d[\d.]*\s*[a-z]{2})/g;

function giant(html, tex) {
  for (const { 0: command, index } of tex.matchAll(WITH_LENGTHS)) {
    for (const found of command.matchAll(LENGTH)) {
      const isGiant = found[1] * UNITS[found[2]] > LIMITS.maxSize;
      if (isGiant) return [html, `\`${found[0]}\` is longer than ${LIMITS.maxSize} em`, index + found.index, found[0].length];
    }
  }
  return null;
}

// Definitions made earlier in the post and the site's macros: those that a formula uses come with it.

const LATEST = 200;
const known = new Map();

function macrosOf(definitions) {
  if (!definitions.length) return Object.create(null);
  const key = JSON.stringify(definitions);
  const macros = known.get(key) ?? defined(definitions);
  if (known.size >= LATEST) known.clear();
  known.set(key, macros);
  return Object.assign(Object.create(null), macros); // a shared object would carry \gdef to the next formula
}

function defined(definitions) {
  const macros = Object.create(null);
  for (const definition of definitions) {
    try {
      katex.__parse(definition, { ...LIMITS, ...MANNERS, strict: "ignore", globalGroup: true, macros });
    } catch (thrown) {
      if (thrown === null) throw thrown; // out of memory
    }
  }
  delete macros["\\color"]; // set by colorIsTextColor
  return macros;
}

// A formula that only defines macros has nothing to show, not even an empty line.
const EMPTY = /(?:class="katex-html" aria-hidden="true"><\/span>|<\/semantics><\/math>)<\/span>(?:<\/span>)*$/;

function shown(html, tex) {
  const empty = DEFINES.test(tex) && EMPTY.test(html) && /<semantics><mrow><\/mrow>|^(?!.*<semantics>)/.test(html);
  return empty ? "" : html;
}

// KaTeX stops at the first fault. Behind an unknown command there may be more: with nothing in its place we go on. What is
// then wrong right there is our own doing.
const MOST = 9;

function faults(thrown, tex, options) {
  const first = fault(thrown, tex);
  const more = [];
  let patched = tex;
  let [, message, offset, length] = first;
  while (more.length < MOST && /^unknown command/.test(message) && offset >= 0 && length > 1) {
    patched = patched.slice(0, offset) + "{}".padEnd(length) + patched.slice(offset + length);
    const end = offset + length;
    try {
      katex.__parse(patched, options());
      break;
    } catch (again) {
      [, message, offset, length] = fault(again, patched);
      if (offset <= end) break;
      more.push([message, offset, length]);
    }
  }
  return [...first, ...more];
}

function typesetOne([tex, displayMode, definitions], output, strictness) {
  const notices = [];
  const strict = (code, text, token) => {
    const notice = strictWords(`${text} [${code}]`);
    if (strictness === "warn") notices.push(["", notice, ...place(wrong("", token), notice, tex)]);
    return strictness === "error" ? "error" : "ignore";
  };
  const options = () => ({ ...LIMITS, ...MANNERS, displayMode, output, strict, macros: macrosOf(definitions) });
  try {
    const html = katex.renderToString(tex, options());
    if (notices.length) return [html, ...notices[0].slice(1)];
    return distrust(html, tex) ?? giant(html, tex) ?? [shown(html, tex)];
  } catch (thrown) {
    return faults(thrown, tex, options);
  }
}

function typeset(request) {
  const { formulas, output, strict } = JSON.parse(request);
  return JSON.stringify(formulas.map((formula) => typesetOne(formula, output, strict)));
}
