//! `bespoke hotspots`.

use std::io::{self, BufWriter, Write as _};

use bespoke_report::{HotspotOrder, HotspotQuery, Hotspots};

use super::{
    examine::{Ask, examine, narrow},
    page::source_of,
};
use crate::{
    args::{HotspotForm, HotspotsCommand, OrderBy, ScreenArgs},
    exit,
    failure::Failure,
    screen,
};

pub(crate) fn run(args: &HotspotsCommand, screen: &ScreenArgs) -> Result<u8, Failure> {
    if args.functions && args.by == OrderBy::Score {
        return Err(Failure::new("functions have no score")
            .hint("leave out `--functions`, or order by `interest` or `product`"));
    }
    if args.no_history && args.by == OrderBy::Product {
        return Err(Failure::new("the product needs history")
            .hint("leave out `--no-history`, or order by `score`"));
    }
    let ask = match (args.no_history, args.by) {
        (true, _) => Ask::Never,
        (_, OrderBy::Product) => Ask::Always,
        _ => Ask::IfThere,
    };
    let mut found = examine(&args.paths, &args.input, ask, args.as_of.as_deref(), screen)?;
    narrow(&mut found.report, args.owner.as_deref())?;
    let query = HotspotQuery {
        functions: args.functions,
        order: match args.by {
            OrderBy::Interest => HotspotOrder::Interest,
            OrderBy::Product => HotspotOrder::Product,
            OrderBy::Score => HotspotOrder::Score,
        },
        limit: args.limit,
    };
    let hotspots = Hotspots::new(&found.report, &query);
    let mut out = BufWriter::new(io::stdout().lock());
    let source = |path: &str| {
        if args.no_code {
            return None;
        }
        source_of(&found.scan, path)
    };
    match args.format {
        HotspotForm::Text if hotspots.is_empty() => {
            let files = found.report.totals.files;
            writeln!(out, "No branch or check was found in {files} files.")?;
        }
        HotspotForm::Text => hotspots.write_page(&source, &screen::style(screen), &mut out)?,
        HotspotForm::Json => hotspots.write_json(&mut out)?,
        HotspotForm::Markdown => hotspots.write_markdown(&mut out)?,
    }
    out.flush()?;
    Ok(exit::CLEAN)
}
