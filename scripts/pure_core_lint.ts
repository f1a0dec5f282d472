/**
 * Our lint rules: what HOUSE style asks of code and a program can check. deno.json names this file.
 *
 * - `pure-core`: the rooms that decide reach for no time, chance or outside world, and never wait.
 * - `no-eval`: text becomes code in the message compiler alone.
 * - `clock-alone`: in broker/, timers are set through `Clock`, so that the simulator owns time.
 * - `one-entry`: arguments are read and the process is ended in main.ts alone.
 */

const ROOT = new URL("../", import.meta.url).pathname;
const PURE =
  /^(?:broker\/(?:protocol|raft|metadata|controller|replication|coordinator)|registry\/schema\/(?:formats|compatibility|store))\//;
const COMPILER = "broker/protocol/compile.ts";
const CLOCK = "broker/base/clock.ts";
const TIMERS = /^(?:setTimeout|setInterval|setImmediate)$/;

/** Globals that pure rooms may not touch; null bans the whole object. */
const IMPURE: Readonly<Record<string, readonly string[] | null>> = {
  Deno: null,
  crypto: null,
  performance: null,
  process: null,
  console: null,
  navigator: null,
  localStorage: null,
  Date: ["now"],
  Math: ["random"],
};
const IMPURE_CALLS = /^(?:setTimeout|setInterval|setImmediate|queueMicrotask|fetch|Date)$/;
/** Compression and byte buffers compute; every other module of the runtime reaches outside. */
const PURE_MODULES = /^node:(?:zlib|buffer)$/;

/** The linted file's path in the repository, `/` between names. */
function pathOf(context: Deno.lint.RuleContext): string {
  const path = context.filename.replaceAll("\\", "/");
  const start = path.indexOf(ROOT);
  return start < 0 ? path : path.slice(start + ROOT.length);
}

function isTest(path: string): boolean {
  return path.endsWith("_test.ts");
}

function isPure(path: string): boolean {
  return PURE.test(path) && !isTest(path) && !path.endsWith("_driver.ts");
}

/** The text of a property name, written `a.name` or `a["name"]`; null when it is computed. */
function propertyName(node: Deno.lint.MemberExpression): string | null {
  if (!node.computed && node.property.type === "Identifier") return node.property.name;
  if (node.property.type === "Literal") return String(node.property.value);
  return null;
}

/** `a` of `a.name`, looking through `globalThis.a.name`; null for any other expression. */
function objectName(node: Deno.lint.MemberExpression): string | null {
  if (node.object.type === "Identifier") return node.object.name;
  if (node.object.type !== "MemberExpression") return null;
  const { object } = node.object;
  return object.type === "Identifier" && object.name === "globalThis"
    ? propertyName(node.object)
    : null;
}

/** The name a call goes to: `f()` and `globalThis.f()`. */
function calleeName(callee: Deno.lint.Expression): string | null {
  if (callee.type === "Identifier") return callee.name;
  if (callee.type !== "MemberExpression") return null;
  return objectName(callee) === "globalThis" ? propertyName(callee) : null;
}

const pureCore: Deno.lint.Rule = {
  create(context) {
    if (!isPure(pathOf(context))) return {};
    function report(node: Deno.lint.Node, what: string): void {
      context.report({
        node,
        message: `${what} in a pure room`,
        hint: "Take it as an input (`nowMs`, a `Prng`, an event), or do it in the room's driver",
      });
    }
    return {
      MemberExpression(node) {
        const object = objectName(node), property = propertyName(node);
        if (object === null || !Object.hasOwn(IMPURE, object)) return;
        const banned = IMPURE[object]!;
        if (banned === null || (property !== null && banned.includes(property))) {
          report(node, `${object}.${property ?? "?"}`);
        }
      },
      CallExpression(node) {
        const name = calleeName(node.callee);
        if (name !== null && IMPURE_CALLS.test(name)) report(node, `${name}()`);
      },
      NewExpression(node) {
        if (node.callee.type !== "Identifier") return;
        if (node.callee.name === "Promise") report(node, "new Promise");
        // `new Date(ms)` only formats; without arguments it reads the clock.
        if (node.callee.name === "Date" && node.arguments.length === 0) report(node, "new Date()");
      },
      ImportDeclaration(node) {
        const { value } = node.source;
        if (node.importKind === "type" || !value.startsWith("node:")) return;
        if (!PURE_MODULES.test(value)) report(node, `import of ${value}`);
      },
      AwaitExpression: (node) => report(node, "await"),
      ForOfStatement(node) {
        if (node.await) report(node, "for await");
      },
      FunctionDeclaration(node) {
        if (node.async) report(node, "async function");
      },
      FunctionExpression(node) {
        if (node.async) report(node, "async function");
      },
      ArrowFunctionExpression(node) {
        if (node.async) report(node, "async function");
      },
    };
  },
};

const noEval: Deno.lint.Rule = {
  create(context) {
    if (pathOf(context) === COMPILER) return {};
    function judge(node: Deno.lint.CallExpression | Deno.lint.NewExpression): void {
      const name = calleeName(node.callee);
      if (name !== "eval" && name !== "Function") return;
      context.report({
        node,
        message: `${name}() makes code of text`,
        hint: "broker/protocol/compile.ts alone may, from our own schemas",
      });
    }
    return { CallExpression: judge, NewExpression: judge };
  },
};

const clockAlone: Deno.lint.Rule = {
  create(context) {
    const path = pathOf(context);
    if (!path.startsWith("broker/") || path === CLOCK || isTest(path)) return {};
    return {
      CallExpression(node) {
        const name = calleeName(node.callee);
        if (name === null || !TIMERS.test(name)) return;
        context.report({
          node,
          message: `${name}() passes by the clock`,
          hint: "Use `Clock.schedule` of broker/base",
        });
      },
      ImportDeclaration(node) {
        if (!/^node:timers\b/.test(node.source.value)) return;
        context.report({ node, message: `${node.source.value} passes by the clock` });
      },
    };
  },
};

const oneEntry: Deno.lint.Rule = {
  create(context) {
    if (!/^(?:broker|registry|connect)\//.test(pathOf(context))) return {};
    return {
      MemberExpression(node) {
        const property = propertyName(node);
        if (objectName(node) !== "Deno" || (property !== "args" && property !== "exit")) return;
        context.report({
          node,
          message: `Deno.${property} outside main.ts`,
          hint: "Take arguments as a parameter and return an exit code",
        });
      },
    };
  },
};

/** The plug-in as `deno lint` wants it: a default export, the one place where we make one. */
export default {
  name: "kafkats",
  rules: {
    "pure-core": pureCore,
    "no-eval": noEval,
    "clock-alone": clockAlone,
    "one-entry": oneEntry,
  },
} satisfies Deno.lint.Plugin;
