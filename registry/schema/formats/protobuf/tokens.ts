import { SchemaError } from "../schema.ts";
import type { Place } from "./syntax_tree.ts";

/** Kinds of tokens; `symbol` is one character. */
export type TokenKind = "word" | "integer" | "float" | "string" | "symbol" | "end";

const NEWLINE = 10, SPACE = 32, QUOTE = 34, APOSTROPHE = 39, STAR = 42, DOT = 46, SLASH = 47;
const BACKSLASH = 92;

const ENCODER = new TextEncoder();

/**
 * The tokens of a .proto text, one at a time: the fields describe the current one. Comments and white space are
 * passed over. Errors name line and column.
 */
export class Tokens {
  kind: TokenKind = "end";
  /** The token as written; for a string the quotes are left out and escapes stay. */
  text = "";
  line = 1;
  column = 1;
  /** The bytes of a string token. */
  bytes: Uint8Array = new Uint8Array(0);
  readonly #source: string;
  #at = 0;
  #line = 1;
  #lineStart = 0;

  constructor(source: string) {
    this.#source = source;
    if (source.charCodeAt(0) === 0xfeff) this.#at = this.#lineStart = 1;
    this.next();
  }

  place(): Place {
    return { line: this.line, column: this.column };
  }

  /** A problem at the current token, or where it is said. */
  error(message: string, place: Place = this): SchemaError {
    return new SchemaError(`line ${place.line}, column ${place.column}: ${message}`);
  }

  /** How the current token is named in messages. */
  describe(): string {
    if (this.kind === "end") return "the end of the text";
    return `"${this.text.length > 40 ? `${this.text.slice(0, 40)}…` : this.text}"`;
  }

  /** Whether the current token is this word or symbol. */
  is(text: string): boolean {
    return this.text === text && (this.kind === "symbol" || this.kind === "word");
  }

  /** Moves to the next token. */
  next(): void {
    const source = this.#source;
    this.#skipSpace();
    const start = this.#at;
    this.line = this.#line;
    this.column = start - this.#lineStart + 1;
    if (start >= source.length) {
      this.kind = "end";
      this.text = "";
      return;
    }
    const first = source.charCodeAt(start);
    if (isWordStart(first)) {
      let at = start + 1;
      while (isWordPart(source.charCodeAt(at))) at++;
      this.#take("word", at);
    } else if (isDigit(first) || (first === DOT && isDigit(source.charCodeAt(start + 1)))) {
      this.#number();
    } else if (first === QUOTE || first === APOSTROPHE) {
      this.#string(first);
    } else {
      // A pair of surrogates is one character to the reader of the message.
      this.#take("symbol", start + (source.codePointAt(start)! > 0xffff ? 2 : 1));
    }
  }

  #take(kind: TokenKind, end: number): void {
    this.kind = kind;
    this.text = this.#source.slice(this.#at, end);
    this.#at = end;
  }

  #skipSpace(): void {
    const source = this.#source;
    for (;;) {
      const code = source.charCodeAt(this.#at);
      if (code === NEWLINE) this.#newline();
      else if (code === SPACE || (code >= 9 && code <= 13)) this.#at++;
      else if (code !== SLASH) return;
      else if (source.charCodeAt(this.#at + 1) === SLASH) {
        const end = source.indexOf("\n", this.#at);
        this.#at = end < 0 ? source.length : end;
      } else if (source.charCodeAt(this.#at + 1) === STAR) this.#blockComment();
      else return;
    }
  }

  #newline(): void {
    this.#at++;
    this.#line++;
    this.#lineStart = this.#at;
  }

  #blockComment(): void {
    const place = { line: this.#line, column: this.#at - this.#lineStart + 1 };
    const end = this.#source.indexOf("*/", this.#at + 2);
    if (end < 0) throw this.error("the comment that starts here never ends with */", place);
    for (;;) {
      const newline = this.#source.indexOf("\n", this.#at);
      if (newline < 0 || newline > end) break;
      this.#at = newline;
      this.#newline();
    }
    this.#at = end + 2;
  }

  #number(): void {
    const source = this.#source;
    const match = /(?:0[xX][0-9a-fA-F]+|\d*\.?\d*(?:[eE][+-]?\d+)?[fF]?)/y;
    match.lastIndex = this.#at;
    const text = match.exec(source)![0];
    const end = this.#at + text.length;
    if (isWordPart(source.charCodeAt(end))) {
      throw this.error(`"${text}${source[end]}" is no number`);
    }
    const integer = /^(?:0[xX][0-9a-fA-F]+|\d+)$/.test(text);
    if (integer && /^0\d/.test(text) && /[89]/.test(text)) {
      throw this.error(`"${text}" starts with 0 and is no octal number`);
    }
    this.#take(integer ? "integer" : "float", end);
  }

  #string(quote: number): void {
    const source = this.#source;
    const start = this.#at + 1;
    let at = start, escapes = false;
    for (;; at++) {
      const code = source.charCodeAt(at);
      if (code === quote) break;
      // At the end of the text the code is NaN.
      if (code === NEWLINE || code !== code) {
        throw this.error("the string that starts here never ends on its line");
      }
      if (code === BACKSLASH) {
        escapes = true;
        at++;
      }
    }
    this.kind = "string";
    this.text = source.slice(start, at);
    this.bytes = escapes ? this.#unescape(this.text) : ENCODER.encode(this.text);
    this.#at = at + 1;
  }

  #unescape(text: string): Uint8Array {
    const bytes: number[] = [];
    const plain = /[^\\]+/y;
    for (let at = 0; at < text.length;) {
      plain.lastIndex = at;
      const run = plain.exec(text);
      if (run !== null) {
        for (const byte of ENCODER.encode(run[0])) bytes.push(byte);
        at += run[0].length;
        continue;
      }
      const escape = ESCAPE.exec(text.slice(at, at + 10));
      if (escape === null) {
        throw this.error(`the string holds an unknown escape "${text.slice(at, at + 2)}"`);
      }
      at += escape[0].length;
      const [, octal, hex, unicode, letter] = escape;
      if (octal !== undefined) bytes.push(parseInt(octal, 8) & 0xff);
      else if (hex !== undefined) bytes.push(parseInt(hex, 16));
      else if (unicode !== undefined) {
        const code = parseInt(unicode, 16);
        if (code > 0x10ffff) throw this.error(`the string names no character by "${escape[0]}"`);
        for (const byte of ENCODER.encode(String.fromCodePoint(code))) bytes.push(byte);
      } else bytes.push(LETTERS[letter!]!);
    }
    return Uint8Array.from(bytes);
  }
}

const ESCAPE =
  /^\\(?:([0-7]{1,3})|[xX]([0-9a-fA-F]{1,2})|(?:u(?=[0-9a-fA-F]{4})|U(?=[0-9a-fA-F]{8}))((?<=u)[0-9a-fA-F]{4}|[0-9a-fA-F]{8})|([abfnrtv\\'"?]))/;

const LETTERS: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  "\\": 92,
  "'": 39,
  '"': 34,
  "?": 63,
};

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isWordStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
}

function isWordPart(code: number): boolean {
  return isWordStart(code) || isDigit(code);
}
