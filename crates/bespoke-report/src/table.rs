//! Tables that fit a width.

use std::io::{self, Write};

use crate::text::{Style, Tone, columns, fit, wrap};

/// Blank columns between two columns of a table.
const GAP: &str = "  ";
/// The first column is not made narrower than this before others are left out.
const NARROWEST_NAME: usize = 24;
/// The first column is shortened for bars no further than this.
const GENEROUS_NAME: usize = 40;
/// A bar is at most so wide, and left out where it would be narrower.
const BAR: std::ops::RangeInclusive<usize> = 8..=24;

/// A table: a name first, then figures, perhaps a bar for each row at the end.
#[derive(Debug)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Row>,
}

/// A column of a [`Table`].
#[derive(Clone, Debug)]
pub struct Column {
    /// What stands above it.
    pub title: String,
    /// Where its cells stand.
    pub align: Align,
    /// Whether it may be left out on a narrow page; the last such goes first.
    pub optional: bool,
}

/// Where a cell stands in its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// At the left: words.
    Left,
    /// At the right: figures.
    Right,
}

impl Column {
    /// A column of words.
    pub fn words(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            align: Align::Left,
            optional: false,
        }
    }

    /// A column of figures.
    pub fn figures(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            align: Align::Right,
            optional: false,
        }
    }

    /// The same column, left out on a narrow page.
    #[must_use]
    pub fn optional(self) -> Self {
        Self {
            optional: true,
            ..self
        }
    }
}

#[derive(Debug)]
struct Row {
    cells: Vec<String>,
    bar: Option<(u64, u64)>,
    note: Option<String>,
}

impl Table {
    /// An empty table. The first column takes the room that the others leave, and is shortened where it must.
    pub fn new(columns: Vec<Column>) -> Self {
        Self {
            columns,
            rows: Vec::new(),
        }
    }

    /// Adds a row: one cell for each column, safe to print.
    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(Row {
            cells,
            bar: None,
            note: None,
        });
    }

    /// Whether it has no rows.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Gives the last row a bar: so much of the most that any row has.
    pub(crate) fn bar(&mut self, value: u64, most: u64) {
        if let Some(row) = self.rows.last_mut() {
            row.bar = Some((value, most));
        }
    }

    /// Puts a faint remark under the last row.
    pub(crate) fn note(&mut self, note: String) {
        if let Some(row) = self.rows.last_mut() {
            row.note = Some(note);
        }
    }

    /// Writes the table in the page's width.
    pub fn write(&self, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let layout = self.layout(style.width);
        let titles: Vec<&str> = self
            .columns
            .iter()
            .map(|column| column.title.as_str())
            .collect();
        if titles.iter().any(|title| !title.is_empty()) {
            let line = self.line(&titles, &layout);
            writeln!(out, "{}", style.paint(Tone::Heading, line.trim_end()))?;
        }
        for row in &self.rows {
            let cells: Vec<&str> = row.cells.iter().map(String::as_str).collect();
            let line = self.line(&cells, &layout);
            let bar = match (row.bar, layout.bar) {
                (Some((value, most)), Some(width)) => crate::text::bar(value, most, width),
                _ => String::new(),
            };
            if bar.is_empty() {
                writeln!(out, "{}", line.trim_end())?;
            } else {
                writeln!(out, "{line}{GAP}{}", style.paint(Tone::Bar, bar))?;
            }
            if let Some(note) = &row.note {
                let width = style.width.saturating_sub(4);
                for line in wrap(note, width) {
                    let line = fit(&line, width);
                    writeln!(out, "    {}", style.paint(Tone::Faint, line))?;
                }
            }
        }
        Ok(())
    }

    fn line(&self, cells: &[&str], layout: &Layout) -> String {
        let mut line = String::new();
        for &(at, width) in &layout.shown {
            if !line.is_empty() {
                line.push_str(GAP);
            }
            let cell = fit(cells.get(at).copied().unwrap_or(""), width);
            let blank = " ".repeat(width.saturating_sub(columns(&cell)));
            match self.columns[at].align {
                Align::Left => line.extend([&*cell, &blank]),
                Align::Right => line.extend([&*blank, &cell]),
            }
        }
        line
    }

    fn layout(&self, width: usize) -> Layout {
        let natural: Vec<usize> = (0..self.columns.len()).map(|at| self.natural(at)).collect();
        let mut shown: Vec<usize> = (0..self.columns.len()).collect();
        let others = |shown: &[usize]| -> usize {
            shown
                .iter()
                .skip(1)
                .map(|at| natural[*at] + GAP.len())
                .sum()
        };
        let name = natural.first().copied().unwrap_or(0);
        while width.saturating_sub(others(&shown)) < name.min(NARROWEST_NAME)
            && let Some(at) = shown.iter().rposition(|at| self.columns[*at].optional)
        {
            shown.remove(at);
        }
        let room = width.saturating_sub(others(&shown)).max(2);
        let has_bars = self.rows.iter().any(|row| row.bar.is_some());
        // Long names give way to bars, down to where they would no longer be names.
        let for_bar = if has_bars {
            GAP.len() + *BAR.start()
        } else {
            0
        };
        let most = if room >= for_bar + GENEROUS_NAME {
            room - for_bar
        } else {
            room
        };
        let name = name.max(width / 3).min(most);
        let rest = (room - name).saturating_sub(GAP.len());
        let bar = (has_bars && rest >= *BAR.start()).then(|| rest.min(*BAR.end()));
        let widths = |at: usize| (at, if at == 0 { name } else { natural[at] });
        Layout {
            shown: shown.into_iter().map(widths).collect(),
            bar,
        }
    }

    fn natural(&self, at: usize) -> usize {
        let cells = self
            .rows
            .iter()
            .filter_map(|row| row.cells.get(at))
            .map(|cell| columns(cell));
        cells
            .max()
            .unwrap_or(0)
            .max(columns(&self.columns[at].title))
    }
}

/// Which columns are shown, how wide, and the width of the bars.
struct Layout {
    shown: Vec<(usize, usize)>,
    bar: Option<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(width: usize) -> Vec<String> {
        let mut table = Table::new(vec![
            Column::words("Name"),
            Column::figures("files"),
            Column::figures("components").optional(),
        ]);
        table.row(vec!["acme".into(), "12".into(), "3".into()]);
        table.bar(12, 12);
        table.row(vec![
            "a-customer-with-a-long-name-indeed".into(),
            "6".into(),
            "1".into(),
        ]);
        table.bar(6, 12);
        let mut out = Vec::new();
        table
            .write(
                &Style {
                    width,
                    ..Style::default()
                },
                &mut out,
            )
            .unwrap();
        String::from_utf8(out)
            .unwrap()
            .lines()
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn a_wide_page_shows_everything() {
        assert_eq!(
            page(70),
            [
                "Name                                files  components",
                "acme                                   12           3  ███████████████",
                "a-customer-with-a-long-name-indeed      6           1  ███████▌",
            ]
        );
    }

    #[test]
    fn a_narrow_page_leaves_out_bars_then_columns_then_letters() {
        assert_eq!(
            page(54)[1],
            "acme                                   12           3"
        );
        assert!(page(36)[0].ends_with("files"), "{}", page(36)[0]);
        assert_eq!(page(30)[2], "a-customer-…name-indeed      6");
        for width in 12..80 {
            assert!(
                page(width).iter().all(|line| columns(line) <= width),
                "{:#?}",
                page(width)
            );
        }
    }
}
