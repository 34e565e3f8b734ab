//! How fast one file becomes facts, by language. `cargo bench -p bespoke-extract`.

use bespoke_extract::{extract, language_for_path};
use divan::{Bencher, counter::BytesCount};

/// How often a sample is repeated: about the size of a large module.
const REPEATS: usize = 100;

const TYPESCRIPT: &str = r#"
import { useFlag } from "@acme/flags";

/** What an order costs. */
export async function price(org: Org, order: Order): Promise<number> {
  const dark = useFlag("dark-prices");
  let total = 0;
  for (const line of order.lines) {
    if (org.slug === "acme" && line.kind !== "gift") {
      total += line.amount * 0.9; // agreed for good
    } else if (VIPS.includes(org.slug)) {
      total += line.amount * (dark ? 0.95 : 1);
    } else {
      total += await rates[line.kind]?.apply({ amount: line.amount, org });
    }
  }
  switch (org.plan) {
    case "enterprise":
    case "team":
      return total;
    default:
      return Math.max(total, `${order.minimum}`.length);
  }
}
"#;

const JAVASCRIPT: &str = r#"
const flags = require("@acme/flags");

module.exports.render = function render(tenant, rows) {
  const wide = flags.isEnabled("wide-table", { tenant });
  return rows.filter((row) => !row.hidden).map((row) => {
    if (tenant.id === "globex") return row.short || row.name;
    return wide ? { ...row, width: 12 } : row;
  });
};
"#;

const RUST: &str = r#"
/// What an order costs.
pub fn price(org: &Org, order: &Order) -> Result<u64, Error> {
    let mut total = 0;
    for line in &order.lines {
        if org.slug == "acme" && line.kind != Kind::Gift {
            total += line.amount * 9 / 10; // agreed for good
        } else if matches!(org.slug.as_str(), "globex" | "initech") {
            total += line.amount.checked_sub(order.discount()?).unwrap_or(0);
        }
    }
    match org.plan {
        Plan::Enterprise | Plan::Team => Ok(total),
        #[cfg(feature = "trial")]
        Plan::Trial => Ok(0),
        _ => Err(Error::new(format!("no price for {}", org.slug))),
    }
}
"#;

fn main() {
    divan::main();
}

#[divan::bench(args = ["sample.ts", "sample.tsx", "sample.js", "sample.rs"])]
fn facts(bencher: Bencher<'_, '_>, path: &str) {
    let language = language_for_path(path).expect("a known extension");
    let sample = match language.name {
        "rust" => RUST,
        "javascript" => JAVASCRIPT,
        _ => TYPESCRIPT,
    };
    let source = sample.repeat(REPEATS);
    bencher
        .counter(BytesCount::of_str(&source))
        .bench(|| extract(divan::black_box(source.as_bytes()), language));
}
