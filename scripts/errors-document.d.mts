export function errorsDocument(errorTable: Readonly<Record<string, string>>): string;
