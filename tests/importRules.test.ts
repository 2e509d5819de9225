// The walls of the house: who may import whom. A failure names the file and the import that went through a wall.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative, resolve } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "..");

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$|\.d\.ts$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !/(^|\/)(node_modules|\.next)\//.test(file));
}

interface Import {
  readonly file: string;
  /** Path from the root for relative imports, the bare specifier otherwise. */
  readonly target: string;
  readonly local: boolean;
}

function importsOf(file: string): Import[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(root, file), "utf8"), true, true);
  return importedFiles.map(({ fileName }) => {
    const local = fileName.startsWith(".");
    return { file, local, target: local ? normalize(join(dirname(file), fileName)) : fileName };
  });
}

const importsBelow = (folder: string): Import[] => sourceFiles(folder).flatMap(importsOf);
const shown = (imports: readonly Import[]): string[] => imports.map((i) => `${i.file} imports ${i.target}`);
const within = (path: string, ...folders: string[]): boolean => folders.some((folder) => path.startsWith(`${folder}/`));

describe("the walls between the parts", () => {
  it.each(["engine", "api", "gateway", "recorder", "simulator"])("service %s imports only itself, services/shared and gen", (service) => {
    const allowed = [`services/${service}`, "services/shared", "gen", ...(service === "simulator" ? ["sdk/typescript"] : [])];
    const imports = importsBelow(`services/${service}`);
    expect(imports.length).toBeGreaterThan(0);
    expect(shown(imports.filter((i) => i.local && !within(i.target, ...allowed)))).toEqual([]);
  });

  it("services/shared imports only itself and gen", () => {
    expect(shown(importsBelow("services/shared").filter((i) => i.local && !within(i.target, "services/shared", "gen")))).toEqual([]);
  });

  it("the SDK imports only itself, gen and the protobuf runtime, so that it runs in a browser", () => {
    const outside = importsBelow("sdk/typescript").filter((i) =>
      i.local ? !within(i.target, "sdk/typescript", "gen") : !i.target.startsWith("@bufbuild/protobuf"),
    );
    expect(shown(outside)).toEqual([]);
  });

  it("the frontend reaches the wire only through the SDK's door, and only from its feed folder", () => {
    const imports = importsBelow("frontend").filter((i) => i.local && !within(i.target, "frontend"));
    expect(shown(imports.filter((i) => i.target !== "sdk/typescript/src/index.ts"))).toEqual([]);
    expect(imports.length).toBeGreaterThan(0);
  });

  it("the layers of the trading screen import downwards: app, panels, stores, feed", () => {
    const layers = ["frontend/src/feed", "frontend/src/stores", "frontend/src/panels", "frontend/src/app"];
    const rank = (path: string): number => layers.findIndex((layer) => within(path, layer));
    const upward = importsBelow("frontend/src").filter((i) => i.local && rank(i.file) >= 0 && rank(i.target) > rank(i.file));
    expect(shown(upward)).toEqual([]);
    const feed = importsBelow("frontend/src/feed").filter((i) => /^(react|next)(\/|-|$)/.test(i.target));
    expect(shown(feed)).toEqual([]);
  });
});

describe("the simulator", () => {
  it("is imported by nothing that runs a venue, so none of its planted faults can be switched on in one", () => {
    const venue = ["services", "sdk/typescript", "scripts/stack", "scripts/cli", "frontend/src"].flatMap(importsBelow);
    expect(shown(venue.filter((i) => i.local && within(i.target, "sim")))).toEqual([]);
  });
});

describe("the checker of crash runs", () => {
  it("shares no code with the engine that it judges: only the naive model, and how two answers are compared", () => {
    const allowed = ["services/engine/model/modelEngine.ts", "services/engine/suite/comparison.ts"];
    const imports = importsBelow("crash/checker").filter((i) => i.local && within(i.target, "services/engine"));
    expect(shown(imports.filter((i) => !allowed.includes(i.target)))).toEqual([]);
  });
});

describe("the engine core is a pure function of the log", () => {
  /** engine.ts and everything it reaches within the engine. */
  const core = (): string[] => {
    const reached = ["services/engine/engine.ts"];
    for (const file of reached) {
      const local = importsOf(file).filter((i) => i.local && within(i.target, "services/engine"));
      for (const { target } of local) if (!reached.includes(target)) reached.push(target);
    }
    return reached;
  };

  it("imports nothing that does I/O, and nothing of services/shared but units", () => {
    // Hashing is a pure function.
    const pure = (target: string) => target === "node:crypto" || target.startsWith("@bufbuild/protobuf");
    expect(core().length).toBeGreaterThan(8);
    const impure = core()
      .flatMap(importsOf)
      .filter((i) => (i.local ? within(i.target, "services/shared") && i.target !== "services/shared/units.ts" : !pure(i.target)));
    expect(shown(impure)).toEqual([]);
  });

  it("reads no clock, draws no random number, asks no environment and sorts by no locale", () => {
    const forbidden = /\bDate\b|\bperformance\.|Math\.random|\brandomBytes\b|\brandomUUID\b|\bprocess\.|\bsetTimeout\b|\bsetInterval\b|localeCompare|toLocale/;
    const offenders = core().flatMap((file) =>
      readFileSync(join(root, file), "utf8")
        .split("\n")
        .map((line, index) => ({ at: `${file}:${index + 1}`, code: line.replace(/\/\/.*$|^\s*\*.*$|\/\*.*\*\//g, "") }))
        .filter(({ code }) => forbidden.test(code))
        .map(({ at, code }) => `${at} ${code.trim()}`),
    );
    expect(offenders).toEqual([]);
  });
});
