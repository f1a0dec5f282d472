import type { App } from "./app.ts";
import { HttpError } from "./http_error.ts";

/** Files of swagger-ui, which the page loads from this service and from nowhere else. */
const ASSETS: Readonly<Record<string, string>> = {
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
  "swagger-ui.css": "text/css; charset=utf-8",
  "page.js": "text/javascript; charset=utf-8",
};

/** What the document says of the service. */
export interface DocsOptions {
  readonly title: string;
  readonly version: string;
  readonly description: string;
}

/** `/openapi.json`, made of the routes that are registered, and `/docs`, a page that shows it. */
export function mountDocs(app: App, { title, version, description }: DocsOptions): void {
  let text: string | null = null;
  app.get("/openapi.json", (c) => {
    text ??= JSON.stringify(app.getOpenAPI31Document({
      openapi: "3.1.0",
      info: { title, version, description, license: { name: "Apache-2.0" } },
    }));
    return c.body(text, 200, { "Content-Type": "application/json" });
  });
  app.get("/docs", (c) => c.html(pageOf(title), 200, { "Content-Security-Policy": POLICY }));
  app.get("/docs/", (c) => c.redirect("../docs"));
  app.get("/docs/:asset", async (c) => {
    const name = c.req.param("asset");
    const type = Object.hasOwn(ASSETS, name) ? ASSETS[name]! : null;
    if (type === null) throw new HttpError(404, 404, `There is nothing at ${c.req.path}`);
    if (name === SCRIPT_NAME) return c.body(SCRIPT, 200, { "Content-Type": type });
    return c.body(await readAsset(name), 200, {
      "Content-Type": type,
      "Cache-Control": "max-age=86400",
    });
  });
}

/** The page may load from this service and talk to it, and to nothing else. */
const POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";
const SCRIPT_NAME = "page.js";
const SCRIPT =
  `SwaggerUIBundle({ url: "../openapi.json", dom_id: "#docs", validatorUrl: null });\n`;

async function readAsset(name: string): Promise<Uint8Array<ArrayBuffer>> {
  // The executable has them beside its build stamp: see scripts/compile.ts.
  const url = Deno.build.standalone
    ? new URL(`../../dist/build/swagger-ui/${name}`, import.meta.url)
    : new URL(import.meta.resolve(`swagger-ui-dist/${name}`));
  try {
    return await Deno.readFile(url);
  } catch {
    throw new HttpError(
      503,
      503,
      "The page's files are not installed; /openapi.json has the document",
    );
  }
}

function pageOf(title: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="docs"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/${SCRIPT_NAME}"></script>
</body>
</html>
`;
}
