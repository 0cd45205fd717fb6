export interface ElfNeeds {
  libraries: string[];
  versions: { library: string; version: string }[];
}
export function readElfNeeds(path: string): ElfNeeds;
export function newestVersion(versions: ElfNeeds['versions'], prefix: string): number[] | undefined;
export function compareVersions(a: number[], b: number[]): number;
