export const ACME = "acme";
export const GLOBEX = "globex";
