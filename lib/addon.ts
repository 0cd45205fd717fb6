import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform, versions } from 'node:process';
import { types } from 'node:util';
import { codeNameOf, PlacardError } from './errors.ts';
import { addonCandidates, isClone } from './package-files.ts';

/** The first addon that loads, and where it was. Its operations throw PlacardErrors; ERR_PLACARD_ADDON_NOT_FOUND if there is none. */
export function loadAddon(): { addon: object; path: string } {
  const attempts: string[] = [];
  for (const path of addonCandidates()) {
    if (!existsSync(path)) {
      attempts.push(`${path}: not there`);
      continue;
    }
    try {
      const addon: object = createRequire(import.meta.url)(path);
      return { addon: translateErrors(addon), path };
    } catch (error) {
      attempts.push(`${path}: ${(error as Error).message}`);
    }
  }
  const remedy = isClone()
    ? 'Build it with "npm run build:addon".'
    : 'This version of placard has no prebuilt addon for this platform: install from a clone with a C++ compiler and CMake.';
  throw new PlacardError(
    'ADDON_NOT_FOUND',
    `Cannot load placard's native addon for ${platform}-${arch} (Node.js ${versions.node}):\n  ${attempts.join('\n  ')}\n${remedy}`,
  );
}

/** A PlacardError from an error of the addon; anything else passes. */
function translate(error: unknown): unknown {
  if (PlacardError.is(error)) return error;
  const name = codeNameOf((error as { code?: unknown } | null)?.code);
  return name ? new PlacardError(name, (error as Error).message, { cause: error }) : error;
}

function translateErrors(addon: object): object {
  const wrapped: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(addon)) {
    const isClass = /^[A-Z]/.test(name);
    wrapped[name] = isClass ? member : translated(member as (...args: unknown[]) => unknown);
  }
  return wrapped;
}

function translated(operation: (...args: unknown[]) => unknown) {
  return (...args: unknown[]): unknown => {
    try {
      const result = operation(...args);
      if (!types.isPromise(result)) return result;
      return result.catch((error: unknown) => {
        throw translate(error);
      });
    } catch (error) {
      throw translate(error);
    }
  };
}
