//! `pyproject.toml` and `setup.cfg`: folders that hold packages.

use bespoke_facts::IssueReason;
use toml::Value;

use super::{join, toml_table};

pub(super) fn pyproject(text: &str, dir: &str) -> Result<Vec<String>, IssueReason> {
    let table = toml_table(text)?;
    let tool = |names: &[&str]| {
        let mut at = table.get("tool")?;
        for name in names {
            at = at.get(name)?;
        }
        Some(at)
    };
    let mut folders: Vec<&str> = Vec::new();
    let of_root = tool(&["setuptools", "package-dir"]).and_then(|it| it.get("")?.as_str());
    folders.extend(of_root);
    let places = tool(&["setuptools", "packages", "find", "where"]).and_then(Value::as_array);
    folders.extend(places.into_iter().flatten().filter_map(Value::as_str));
    let poetry = tool(&["poetry", "packages"]).and_then(Value::as_array);
    let poetry = poetry.into_iter().flatten();
    folders.extend(poetry.filter_map(|package| package.get("from")?.as_str()));
    Ok(folders.iter().filter_map(|it| join(dir, it)).collect())
}

/// Of `package_dir =` with the entry `= src`, and `where = src`.
pub(super) fn setup(text: &str, dir: &str) -> Vec<String> {
    let lines = text.lines().filter_map(|line| {
        let (key, value) = line.split_once('=')?;
        let value = value.trim();
        match key.trim() {
            "where" | "" => Some(value),
            "package_dir" => value.strip_prefix('=').map(str::trim),
            _ => None,
        }
    });
    lines
        .filter(|folder| !folder.is_empty())
        .filter_map(|folder| join(dir, folder))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_packages_are_found() {
        let text = "[tool.setuptools]\npackage-dir = { \"\" = \"lib\", a = \"b\" }\n[tool.setuptools.packages.find]\n\
             where = [\"src\", \"../..\"]\n[tool.poetry]\npackages = [{ include = \"x\", from = \"python\" }]\n";
        let roots = pyproject(text, "web").unwrap();
        assert_eq!(roots, ["web/lib", "web/src", "web/python"]);
        assert_eq!(pyproject("[project]\nname = \"x\"\n", ""), Ok(Vec::new()));
        let setup_text =
            "[options]\npackage_dir =\n    = src\nname = x\n[options.packages.find]\nwhere = lib\n";
        assert_eq!(setup(setup_text, ""), ["src", "lib"]);
        assert_eq!(setup("package_dir = =src\n", "a"), ["a/src"]);
    }
}
