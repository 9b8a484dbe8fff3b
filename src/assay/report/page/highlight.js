// Syntax colouring: a text becomes [class, text] tokens whose texts, put together again, are the text.

const C_LIKE = { line: ["//"], block: [["/*", "*/"]], quotes: "\"'" };
// In Bash "#" begins a comment at the start of a word only: $# and ${#a} are none.
const WORD_HASH = /(?<![^\s;])#/;
const HASH = { line: ["#"], block: [], quotes: "\"'" };
const WORDS = {
  python:
    "and as assert async await break case class continue def del elif else except finally for from global if import in is lambda match nonlocal not or pass raise return try while with yield",
  c: "auto break case char const continue default do double else enum extern float for goto if inline int long register return short signed sizeof static struct switch typedef union unsigned void volatile while bool",
  cpp: "alignas auto bool break case catch char class const constexpr const_cast continue default delete do double dynamic_cast else enum explicit export extern float for friend goto if inline int long mutable namespace new noexcept operator override private protected public register reinterpret_cast return short signed sizeof static static_cast struct switch template this throw try typedef typename union unsigned using virtual void volatile while",
  csharp:
    "abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else enum event explicit extern finally fixed float for foreach get if implicit in int interface internal is lock long namespace new object operator out override params private protected public readonly record ref return sbyte sealed set short sizeof static string struct switch this throw try typeof uint ulong unchecked unsafe ushort using var virtual void while",
  java: "abstract assert boolean break byte case catch char class const continue default do double else enum extends final finally float for if implements import instanceof int interface long native new package private protected public record return short static strictfp super switch synchronized this throw throws transient try var void volatile while",
  javascript:
    "async await break case catch class const continue debugger default delete do else export extends finally for from function get if import in instanceof let new of return set static super switch this throw try typeof var void while with yield",
  typescript:
    "abstract any as async await boolean break case catch class const continue declare default delete do else enum export extends finally for from function get if implements import in instanceof interface keyof let namespace never new number of private protected public readonly return set static string super switch this throw try type typeof unknown var void while yield",
  go: "break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct switch type var",
  rust: "as async await break const continue crate dyn else enum extern fn for if impl in let loop match mod move mut pub ref return self Self static struct super trait type unsafe use where while",
  php: "abstract and array as break case catch class clone const continue declare default do echo else elseif empty extends final finally fn for foreach function global if implements include instanceof interface isset list match namespace new or print private protected public readonly require return static switch throw trait try unset use var while yield",
  bash: "if then else elif fi case esac for select while until do done in function time local declare export return readonly shift echo printf",
  ruby: "alias and begin break case class def do else elsif end ensure for if in module next not or redo require rescue retry return self super then undef unless until when while yield",
  lua: "and break do else elseif end for function goto if in local not or repeat return then until while",
  perl: "and cmp do else elsif eq for foreach ge gt if last le local lt my ne next no not or our package print require return sub undef unless until use while",
  r: "break else for function if in next repeat return while",
  racket: "and begin case cond define define-struct else for if lambda let let* letrec not or provide quote require set! struct unless when",
  d: "alias assert auto bool break case cast catch char class const continue default delegate do double else enum final float for foreach function if immutable import in int interface is long module new out override private protected public pure real ref return scope short size_t static string struct super switch template this throw try typeof uint ulong ushort union unittest version void while",
  scala:
    "abstract case catch class def do else extends final finally for given if implicit import lazy match new object override package private protected return sealed super then this throw trait try type val var while with yield",
  julia:
    "abstract baremodule begin break catch const continue do else elseif end export finally for function global if import in isa let local macro module mutable primitive quote return struct try type using where while",
  swift:
    "as associatedtype break case catch class continue default defer deinit do else enum extension fallthrough fileprivate for func guard if import in init inout internal is let open operator private protocol public repeat rethrows return self Self static struct subscript super switch throw throws try typealias var where while",
  kotlin:
    "abstract as break by class companion const constructor continue data do else enum final for fun if import in init inner interface internal is lateinit object open operator out override package private protected public return sealed super suspend this throw try typealias val var when while",
};
const CONSTANTS = new Set("True False None true false null nil undefined NULL nullptr NaN self this".split(" "));
const DEFINES = new Set("def class fn func function fun struct interface trait object enum module sub define".split(" "));

const LANGUAGES = {
  python: { ...HASH, triple: true },
  bash: { ...HASH, line: [WORD_HASH] },
  ruby: { ...HASH, block: [["=begin", "=end"]] },
  perl: { ...HASH, line: [WORD_HASH] },
  r: HASH,
  julia: { ...HASH, block: [["#=", "=#"]], triple: true, quotes: '"' },
  php: { ...C_LIKE, line: ["//", "#"] },
  javascript: { ...C_LIKE, quotes: "\"'`" },
  typescript: { ...C_LIKE, quotes: "\"'`" },
  go: { ...C_LIKE, quotes: "\"'`" },
  d: { ...C_LIKE, quotes: "\"'`" },
  rust: { ...C_LIKE, quotes: '"' },
  scala: { ...C_LIKE, triple: true },
  kotlin: { ...C_LIKE, triple: true },
  swift: { ...C_LIKE, triple: true, quotes: '"' },
  lua: { line: ["--"], block: [["--[[", "]]"]], quotes: "\"'" },
  racket: { line: [";"], block: [["#|", "|#"]], quotes: '"' },
};

const grammars = new Map();

function grammarOf(language) {
  if (!grammars.has(language)) {
    const shape = LANGUAGES[language] ?? C_LIKE;
    const literal = (text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
    // An open comment or triple quote runs to the end of the text, so that every alternative is linear.
    const block = shape.block.map(([open, close]) => `${literal(open)}[\\s\\S]*?(?:${literal(close)}|$)`);
    const line = shape.line.map((open) => `${open instanceof RegExp ? open.source : literal(open)}[^\\n]*`);
    const triple = shape.triple ? ['[A-Za-z]{0,2}"""[\\s\\S]*?(?:"""|$)', "[A-Za-z]{0,2}'''[\\s\\S]*?(?:'''|$)"] : [];
    const strings = [...shape.quotes].map((quote) =>
      quote === "`" ? "`(?:\\\\[\\s\\S]|[^`\\\\])*(?:`|$)" : `${quote}(?:\\\\[\\s\\S]|[^${quote}\\\\\\n])*(?:${quote}|(?=\\n)|$)`,
    );
    const prefixed = language === "python" ? strings.map((string) => `\\b[fFrRbBuU]{1,2}${string}`) : [];
    grammars.set(language, {
      words: new Set((WORDS[language] ?? WORDS.cpp).split(" ")),
      pattern: new RegExp(
        `(?<comment>${[...block, ...line].join("|")})|(?<string>${[...triple, ...prefixed, ...strings].join("|")})|` +
          "(?<number>(?<![\\w$])(?:0[xXbBoO][\\da-fA-F_]+|\\d[\\d_]*(?:\\.\\d[\\d_]*)?(?:[eE][+-]?\\d+)?)\\w*)|" +
          "(?<word>[\\p{L}_$][\\p{L}\\p{N}_$]*)|(?<mark>@[\\w.]+)",
        "gu",
      ),
    });
  }
  return grammars.get(language);
}

/** [[class, text], ...]; class is "" for what has no colour. */
function highlight(text, language) {
  const { pattern, words: keywords } = grammarOf(language);
  const tokens = [];
  let end = 0;
  let before = "";
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) tokens.push(["", text.slice(end, match.index)]);
    end = match.index + match[0].length;
    const { comment, string, number, word } = match.groups;
    let kind = "m";
    if (comment !== undefined) kind = "c";
    else if (string !== undefined) kind = "s";
    else if (number !== undefined) kind = "n";
    else if (word !== undefined) {
      if (CONSTANTS.has(word)) kind = "n";
      else if (keywords.has(word)) kind = "k";
      else kind = DEFINES.has(before) ? "d" : text[end] === "(" ? "f" : "";
      before = word;
    }
    tokens.push([kind, match[0]]);
  }
  if (end < text.length) tokens.push(["", text.slice(end)]);
  return tokens;
}
