import { hashPassword } from "../../registry/mod.ts";
import { command } from "./command.ts";
import { UsageError } from "./command_error.ts";
import { text } from "./flags.ts";

const NAME = /^[^:\s#]+$/;
/** More than anyone types. */
const PASSWORD_BYTES_MAX = 1024;

/** `kafkats hash-password`: a line for the users of registry and REST proxy. */
export const hashPasswordCommand = command({
  name: "hash-password",
  summary: "Make a line for a file of users (authentication.users.file) from a password.",
  usage: "--user <name> [--role <role>] < password",
  examples: ["echo secret | kafkats hash-password --user ana --role write >> users"],
  flags: {
    user: text("name", "The user's name."),
    role: text("role", "What the user may do; read by default.", { allowed: ["read", "write"] }),
  },
  async run({ user, role }, io) {
    if (user === null) throw new UsageError("--user is missing: a line names a user");
    if (!NAME.test(user)) {
      throw new UsageError(`--user ${user}: allowed is a name without colons, blanks and #`);
    }
    if (io.isInputTerminal) await io.stderr.write("Password: ");
    const password = await readLine(io.readInput());
    if (password === "") throw new UsageError("The password is empty; it is read from the input");
    await io.stdout.write(`${user}:${role ?? "read"}:${await hashPassword(password)}\n`);
    return 0;
  },
});

/** The first line, without its end. */
async function readLine(input: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let line = "";
  for await (const chunk of input) {
    line += decoder.decode(chunk, { stream: true });
    if (line.includes("\n") || line.length > PASSWORD_BYTES_MAX) break;
  }
  return line.split(/\r?\n/)[0]!;
}
