import { flag, integer, list, oneOf, secret, text } from "../settings/mod.ts";

/** Options that every HTTP service has. */
export const HTTP_OPTIONS = {
  "access.control.allow.origin": list(
    [],
    "Origins whose pages may call (CORS); * for any; none by default.",
  ),
  "access.control.allow.methods": list(
    ["GET", "POST", "PUT", "PATCH", "DELETE"],
    "Methods that those pages may use.",
  ),
  "access.control.allow.headers": list(
    [],
    "Headers that those pages may send; what they ask for by default.",
  ),
  "access.log.enable": flag(false, "Whether each request is told in the log."),
  "authentication.method": oneOf("NONE", ["NONE", "BASIC"], "How clients say who they are."),
  "authentication.realm": text("kafkats", "What a browser shows when it asks for a password."),
  "authentication.users.file": text(
    "",
    "File with a user a line: name, role (read or write) and hash, with colons between.",
  ),
  "authentication.anonymous.read": flag(false, "Whether who says nothing may read."),
  "compression.enable": flag(true, "Whether answers are compressed for who asks for it."),
  "rate.limit.enable": flag(false, "Whether a client's requests a second are limited."),
  "rate.limit.permits.per.sec": integer(50, "Requests a second for a client.", { min: 1 }),
  "request.timeout.ms": integer(
    600_000,
    "How long a request may take, long polls and streams aside.",
    {
      min: 1,
    },
  ),
  "shutdown.graceful.ms": integer(10_000, "How long a stop waits for what is being answered."),
  "ssl.keystore.location": text(
    "",
    "PEM file with the certificate chain and the key of https listeners.",
  ),
  "ssl.keystore.key": secret(
    "The key, or the path of its PEM file, where the other file has none.",
  ),
  "ssl.truststore.location": text("", "PEM file of those who sign clients' certificates."),
  "ssl.client.authentication": oneOf(
    "NONE",
    ["NONE", "REQUIRED"],
    "Whether clients must show a certificate.",
  ),
} as const;
