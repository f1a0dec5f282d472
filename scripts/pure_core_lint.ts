// Pure rooms may not reach for time, chance or the outside world.
const PURE = /\/broker\/(raft|controller|coordinator|replication)\//;
const BANNED: Record<string, string[]> = {
  Date: ["now"],
  Math: ["random"],
  performance: ["now"],
  crypto: ["randomUUID", "getRandomValues"],
};
export default {
  name: "kafkats",
  rules: {
    "pure-core": {
      create(ctx) {
        if (
          !PURE.test(ctx.filename) || ctx.filename.endsWith("_test.ts") ||
          ctx.filename.endsWith("_shell.ts")
        ) return {};
        return {
          MemberExpression(n) {
            if (n.object.type !== "Identifier" || n.property.type !== "Identifier") return;
            const o = n.object.name, p = n.property.name;
            if (o === "Deno" || BANNED[o]?.includes(p)) {
              ctx.report({
                node: n,
                message: `${o}.${p} in a pure room`,
                hint: "Take it as an input instead",
              });
            }
          },
          AwaitExpression(n) {
            ctx.report({ node: n, message: "await in a pure room" });
          },
          CallExpression(n) {
            if (
              n.callee.type === "Identifier" &&
              /^(setTimeout|setInterval|queueMicrotask|fetch)$/.test(n.callee.name)
            ) ctx.report({ node: n, message: `${n.callee.name} in a pure room` });
          },
        };
      },
    },
  },
} satisfies Deno.lint.Plugin;
