import { ACME, GLOBEX } from "./customers";

export function total(tenant: Tenant, lines: Line[]): number {
  let sum = 0;
  for (const line of lines) {
    if (tenant.slug === ACME) {
      sum += line.price * 0.9;
      sum = Math.round(sum);
    } else if (tenant.slug === GLOBEX && line.price > 100) {
      sum += 100;
    } else {
      sum += line.price;
    }
  }
  if (tenant.plan === "enterprise") {
    return sum * 0.8;
  }
  return sum;
}
