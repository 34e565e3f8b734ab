//! What a file is for, by its path.
//!
//! The tables hold what ecosystems agree on. They lean to [`Role::Product`]: a test that is analysed is seen and can be
//! excluded, while product code taken for a test is lost in silence. Folder names that are also words of a trade
//! (`vendor`, `docs`) count only outside folders that hold an application's own pages and parts.

use std::sync::LazyLock;

use bespoke_analysis::Role;
use bespoke_facts::RepoPath;
use rustc_hash::FxHashMap;

/// A folder name that gives all below it a role.
struct Folder {
    /// Name, or `parent/name`, in lower case.
    name: &'static str,
    role: Role,
    at: Place,
}

/// Where a folder's name counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Anywhere,
    /// Where no folder above is one of [`APPLICATION`].
    OutsideApplication,
    /// The same, and at most [`NEAR`] folders down: in the root or in a package.
    NearRoot,
}

/// A package of a monorepo is two folders down, as in `packages/web`.
const NEAR: usize = 2;

const fn anywhere(name: &'static str, role: Role) -> Folder {
    let at = Place::Anywhere;
    Folder { name, role, at }
}

const fn outside_application(name: &'static str, role: Role) -> Folder {
    let at = Place::OutsideApplication;
    Folder { name, role, at }
}

const fn near_root(name: &'static str, role: Role) -> Folder {
    let at = Place::NearRoot;
    Folder { name, role, at }
}

/// Folders that hold an application's own pages and parts.
const APPLICATION: &[&str] = &[
    "app",
    "apps",
    "components",
    "controllers",
    "domains",
    "features",
    "modules",
    "pages",
    "routes",
    "screens",
    "services",
    "src",
    "views",
];

const FOLDERS: &[Folder] = &[
    anywhere("bower_components", Role::Vendored),
    anywhere("node_modules", Role::Vendored),
    anywhere("site-packages", Role::Vendored),
    anywhere("third-party", Role::Vendored),
    anywhere("third_party", Role::Vendored),
    anywhere("thirdparty", Role::Vendored),
    anywhere("vendored", Role::Vendored),
    anywhere("assets/vendor", Role::Vendored),
    anywhere("lib/vendor", Role::Vendored),
    anywhere("public/vendor", Role::Vendored),
    anywhere("static/vendor", Role::Vendored),
    outside_application("vendor", Role::Vendored),
    anywhere("__generated__", Role::Generated),
    anywhere("build/static", Role::Generated),
    anywhere("dist", Role::Generated),
    anywhere("generated", Role::Generated),
    anywhere("__stories__", Role::Story),
    anywhere("storybook", Role::Story),
    anywhere("__fixtures__", Role::Fixture),
    anywhere("__mocks__", Role::Fixture),
    anywhere("__snapshots__", Role::Fixture),
    anywhere("fixture", Role::Fixture),
    anywhere("fixtures", Role::Fixture),
    anywhere("mock", Role::Fixture),
    anywhere("mock-data", Role::Fixture),
    anywhere("mock_data", Role::Fixture),
    anywhere("mockdata", Role::Fixture),
    anywhere("mocks", Role::Fixture),
    anywhere("seed-data", Role::Fixture),
    anywhere("seed-helpers", Role::Fixture),
    anywhere("seed_data", Role::Fixture),
    anywhere("seeders", Role::Fixture),
    anywhere("seeds", Role::Fixture),
    anywhere("test-data", Role::Fixture),
    anywhere("test_data", Role::Fixture),
    anywhere("testdata", Role::Fixture),
    anywhere("__test__", Role::Test),
    anywhere("__tests__", Role::Test),
    anywhere("bench", Role::Test),
    anywhere("benches", Role::Test),
    anywhere("benchmarks", Role::Test),
    anywhere("cypress", Role::Test),
    anywhere("e2e", Role::Test),
    anywhere("playwright", Role::Test),
    near_root("spec", Role::Test),
    near_root("specs", Role::Test),
    anywhere("test", Role::Test),
    anywhere("test-helpers", Role::Test),
    anywhere("test-setup", Role::Test),
    anywhere("test-support", Role::Test),
    anywhere("test-utils", Role::Test),
    anywhere("test_helpers", Role::Test),
    anywhere("test_support", Role::Test),
    anywhere("test_utils", Role::Test),
    anywhere("testing", Role::Test),
    anywhere("tests", Role::Test),
    anywhere("testutil", Role::Test),
    anywhere("testutils", Role::Test),
    anywhere("alembic/versions", Role::Migration),
    anywhere("db/migrate", Role::Migration),
    anywhere("migrations", Role::Migration),
    anywhere("example", Role::Example),
    anywhere("examples", Role::Example),
    near_root("doc", Role::Example),
    near_root("docs", Role::Example),
    near_root("samples", Role::Example),
];

/// The same by name, without the folder around it.
static FOLDERS_BY_NAME: LazyLock<FxHashMap<&str, Vec<&Folder>>> = LazyLock::new(|| {
    let mut by_name: FxHashMap<&str, Vec<&Folder>> = FxHashMap::default();
    for folder in FOLDERS {
        let name = folder.name.rsplit('/').next().unwrap_or(folder.name);
        by_name.entry(name).or_default().push(folder);
    }
    by_name
});

/// Ends of folder names: `integration-tests`, `web-e2e`.
const FOLDER_ENDS: &[(&str, Role)] = &[
    ("-tests", Role::Test),
    ("_tests", Role::Test),
    ("-e2e", Role::Test),
    ("_e2e", Role::Test),
    ("smoke-test", Role::Test),
    ("smoke_test", Role::Test),
    ("-fixtures", Role::Fixture),
    ("_fixtures", Role::Fixture),
];

/// File names up to the first dot.
const STEMS: &[(&str, Role)] = &[
    ("conftest", Role::Test),
    ("setup-tests", Role::Test),
    ("setuptests", Role::Test),
    ("test", Role::Test),
    ("test-setup", Role::Test),
    ("test-utils", Role::Test),
    ("test_utils", Role::Test),
    ("tests", Role::Test),
    ("testutil", Role::Test),
    ("testutils", Role::Test),
    ("fixtures", Role::Fixture),
    ("mocks", Role::Fixture),
];

/// Words between two dots, or between the first dot and the extension: `cart.test.ts`, `api.pb.go`, `jest.config.js`.
const MIDDLES: &[(&str, Role)] = &[
    ("min", Role::Minified),
    ("bundle", Role::Generated),
    ("chunk", Role::Generated),
    ("gen", Role::Generated),
    ("generated", Role::Generated),
    ("pb", Role::Generated),
    ("stories", Role::Story),
    ("story", Role::Story),
    ("fixture", Role::Fixture),
    ("fixtures", Role::Fixture),
    ("mock", Role::Fixture),
    ("mocks", Role::Fixture),
    ("seed", Role::Fixture),
    ("bench", Role::Test),
    ("cy", Role::Test),
    ("e2e", Role::Test),
    ("e2e-spec", Role::Test),
    ("spec", Role::Test),
    ("spec-d", Role::Test),
    ("specs", Role::Test),
    ("test", Role::Test),
    ("test-d", Role::Test),
    ("tests", Role::Test),
];

/// Ends of the part before the extension.
const ENDS: &[(&str, Role)] = &[
    ("-min", Role::Minified),
    ("_generated", Role::Generated),
    ("_grpc_pb", Role::Generated),
    ("_pb", Role::Generated),
    ("_pb2", Role::Generated),
    ("_pb2_grpc", Role::Generated),
    ("-test", Role::Test),
    ("_test", Role::Test),
    ("_tests", Role::Test),
];

/// Starts and ends of file names, in the case that their tools demand.
const SHAPES: &[(&str, &str, Role)] = &[
    ("", ".designer.cs", Role::Generated),
    ("", ".freezed.dart", Role::Generated),
    ("", ".g.cs", Role::Generated),
    ("", ".g.dart", Role::Generated),
    ("_generated_", "", Role::Generated),
    ("zz_generated", ".go", Role::Generated),
    ("", "Test.cs", Role::Test),
    ("", "Test.java", Role::Test),
    ("", "Test.kt", Role::Test),
    ("", "Test.php", Role::Test),
    ("", "Tests.cs", Role::Test),
    ("", "Tests.java", Role::Test),
    ("", "Tests.swift", Role::Test),
    ("", "_spec.js", Role::Test),
    ("", "_spec.rb", Role::Test),
    ("", "_spec.ts", Role::Test),
    ("cypress.config.", "", Role::Test),
    ("jest.config.", "", Role::Test),
    ("jest.setup.", "", Role::Test),
    ("karma.conf.", "", Role::Test),
    ("playwright.config.", "", Role::Test),
    ("test_", ".py", Role::Test),
    ("vitest.config.", "", Role::Test),
    ("vitest.setup.", "", Role::Test),
];

/// Names that look like tests and are experiments: just what an analysis of flags is after.
const EXPERIMENTS: &[&str] = &["ab-test", "ab_test", "split-test", "split_test"];

/// Where a build puts declaration files.
const BUILT: &[&str] = &["build", "dist", "lib", "out"];

/// Folders in which what starts with `seed` fills a database.
const DATABASES: &[&str] = &["database", "db", "prisma", "scripts"];

/// Which role wins where a path has several: whose code it is, then how it came to be, then what it is for.
const PRECEDENCE: [Role; 8] = [
    Role::Vendored,
    Role::Minified,
    Role::Generated,
    Role::Story,
    Role::Fixture,
    Role::Test,
    Role::Migration,
    Role::Example,
];

/// Extensions of programming and template languages, sorted: text in them is counted where no language reads it.
const SOURCE_EXTENSIONS: &[&str] = &[
    "abap",
    "apex",
    "as",
    "asp",
    "aspx",
    "astro",
    "bas",
    "bash",
    "c",
    "cc",
    "cfc",
    "cfm",
    "cjs",
    "clj",
    "cljc",
    "cljs",
    "cls",
    "cob",
    "cbl",
    "coffee",
    "cpp",
    "cr",
    "cs",
    "cshtml",
    "cts",
    "cxx",
    "dart",
    "djhtml",
    "ejs",
    "elm",
    "erb",
    "erl",
    "ex",
    "exs",
    "f90",
    "fs",
    "fsx",
    "go",
    "gohtml",
    "groovy",
    "h",
    "haml",
    "handlebars",
    "hbs",
    "heex",
    "hh",
    "hpp",
    "hs",
    "htm",
    "html",
    "hxx",
    "j2",
    "java",
    "jinja",
    "jinja2",
    "jl",
    "js",
    "jsp",
    "jsx",
    "kt",
    "kts",
    "liquid",
    "lua",
    "m",
    "mjs",
    "ml",
    "mli",
    "mm",
    "mts",
    "mustache",
    "nim",
    "pas",
    "php",
    "phtml",
    "pl",
    "plsql",
    "pm",
    "ps1",
    "pug",
    "py",
    "pyi",
    "pyw",
    "pyx",
    "r",
    "rake",
    "razor",
    "rb",
    "re",
    "res",
    "rs",
    "scala",
    "sh",
    "slim",
    "sol",
    "sql",
    "svelte",
    "swift",
    "trigger",
    "ts",
    "tsx",
    "twig",
    "vb",
    "vbs",
    "vue",
    "zig",
];

/// What a file is for, as far as its path says.
pub fn classify(path: &RepoPath) -> Role {
    let lower = path.as_str().to_ascii_lowercase();
    let mut roles: Vec<Role> = Vec::new();
    let (folders, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    roles_of_folders(folders, &mut roles);
    roles_of_name(name, &mut roles);
    // What a Python web application calls fixtures beside its code is made by that code.
    let is_python = name
        .rsplit_once('.')
        .is_some_and(|(_, ending)| ending == "py");
    if is_python && folders.split('/').any(|part| APPLICATION.contains(&part)) {
        roles.retain(|role| *role != Role::Fixture);
    }
    roles_of_shape(path.file_name(), &mut roles);
    if fills_database(&lower) {
        roles.push(Role::Fixture);
    }
    if name.ends_with(".d.ts") && folders.split('/').any(|part| BUILT.contains(&part)) {
        roles.push(Role::Generated);
    }
    PRECEDENCE
        .into_iter()
        .find(|role| roles.contains(role))
        .unwrap_or(Role::Product)
}

/// Whether a path's extension is one of a programming or template language, supported or not.
pub(crate) fn looks_like_source(path: &RepoPath) -> bool {
    path.file_name()
        .rsplit_once('.')
        .filter(|(stem, _)| !stem.is_empty())
        .is_some_and(|(_, extension)| {
            SOURCE_EXTENSIONS.contains(&extension.to_ascii_lowercase().as_str())
        })
}

fn fills_database(path: &str) -> bool {
    path.split('/')
        .zip(path.split('/').skip(1))
        .any(|(above, part)| DATABASES.contains(&above) && part.starts_with("seed"))
}

fn roles_of_folders(folders: &str, roles: &mut Vec<Role>) {
    let mut in_application = false;
    let mut above = "";
    let parts = folders.split('/').filter(|part| !part.is_empty());
    for (depth, part) in parts.enumerate() {
        for folder in FOLDERS_BY_NAME.get(part).into_iter().flatten() {
            let counts = match folder.at {
                Place::Anywhere => true,
                Place::OutsideApplication => !in_application,
                Place::NearRoot => !in_application && depth <= NEAR,
            };
            let parent = folder.name.split_once('/').map(|(parent, _)| parent);
            if counts && parent.is_none_or(|parent| parent == above) {
                roles.push(folder.role);
            }
        }
        let by_end = FOLDER_ENDS.iter().filter(|(end, _)| part.ends_with(end));
        roles.extend(by_end.map(|(_, role)| *role));
        in_application |= APPLICATION.contains(&part);
        above = part;
    }
}

fn roles_of_name(name: &str, roles: &mut Vec<Role>) {
    let mut parts = name.split('.');
    let stem = parts.next().unwrap_or(name);
    if EXPERIMENTS.iter().any(|word| stem.ends_with(word)) {
        return;
    }
    let mut middles: Vec<&str> = parts.collect();
    if middles.pop().is_none() {
        return;
    }
    let before_extension = middles.last().copied().unwrap_or(stem);
    roles.extend(matching(STEMS, |text| stem == text));
    roles.extend(matching(MIDDLES, |text| middles.contains(&text)));
    roles.extend(matching(ENDS, |text| before_extension.ends_with(text)));
}

fn roles_of_shape(name: &str, roles: &mut Vec<Role>) {
    let shapes = SHAPES
        .iter()
        .filter(|(start, end, _)| name.starts_with(start) && name.ends_with(end));
    roles.extend(shapes.map(|(_, _, role)| *role));
}

fn matching(
    table: &[(&'static str, Role)],
    fits: impl Fn(&'static str) -> bool,
) -> impl Iterator<Item = Role> {
    table
        .iter()
        .filter(move |(text, _)| fits(text))
        .map(|(_, role)| *role)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(role: Role, paths: &[&str]) {
        for path in paths {
            assert_eq!(classify(&RepoPath::new(*path)), role, "{path}");
        }
    }

    #[test]
    fn product_code_is_product() {
        check(
            Role::Product,
            &[
                "src/index.ts",
                "src/contest/page.tsx",
                "src/latest/attestation.rs",
                "customers/demo/theme.ts",
                "src/app/vendor/orders.tsx",
                "src/app/docs/page.tsx",
                "src/ab-test.ts",
                "src/experiments/split_test.rs",
                "packages/protest/src/lib.rs",
                "build/webpack.config.js",
                "src/mockup.ts",
                "src/types.d.ts",
                "Makefile",
                ".eslintrc.js",
                "min.js",
                "src/test_drive/book.rs",
                "src/g.ts",
                "src/openapi_spec.rs",
                "src/spec/pod.rs",
                "crates/core/flags/doc/help.rs",
                "src/seed-round.ts",
                "src/seed.rs",
                "src/vendor/vendor.controller.ts",
                "src/Latest.java",
                "src/test_mode.ts",
            ],
        );
    }

    #[test]
    fn tests_are_tests() {
        check(
            Role::Test,
            &[
                "src/__tests__/cart.ts",
                "tests/api.rs",
                "src/Cart.test.tsx",
                "src/cart.spec.ts",
                "src/billing_test.go",
                "src/parser/tests.rs",
                "crates/core/benches/scan.rs",
                "pkg/test_billing.py",
                "src/BillingTest.java",
                "sdk/smoke-test/main.rs",
                "crates/core/src/testutil.rs",
                "spec/models/org_spec.rb",
                "conftest.py",
                "src/setupTests.ts",
                "jest.config.js",
                "src/lib/test-utils/render.tsx",
                "cypress/login.js",
                "apps/web-e2e/login.ts",
                "app.e2e-spec.ts",
                "Tests/Billing.ts",
                "types/index.test-d.ts",
            ],
        );
    }

    #[test]
    fn what_only_tests_read_is_fixture() {
        check(
            Role::Fixture,
            &[
                "tests/fixtures/acme.ts",
                "src/__mocks__/api.ts",
                "src/user.mock.ts",
                "src/__snapshots__/a.ts",
                "db/seeds/customers.rb",
                "api/prisma/seed-staging.ts",
                "api/prisma/seed-staging/riverside.ts",
            ],
        );
    }

    #[test]
    fn other_roles_are_told_apart() {
        check(Role::Story, &["src/Button.stories.tsx"]);
        check(
            Role::Migration,
            &["src/migrations/001-init.js", "alembic/versions/1a2b.py"],
        );
        check(
            Role::Vendored,
            &[
                "vendor/jquery/jquery.js",
                "public/vendor/d3.js",
                "web/node_modules/a/index.js",
                "third_party/a/tests/a.c",
            ],
        );
        check(
            Role::Generated,
            &[
                "src/api.generated.ts",
                "proto/a.pb.go",
                "src/_generated_client.rs",
                "proto/a_pb2.py",
                "src/__generated__/a.ts",
                "dist/index.js",
                "lib/index.d.ts",
                "src/routeTree.gen.ts",
            ],
        );
        check(Role::Minified, &["public/a.min.js"]);
        check(
            Role::Example,
            &["examples/basic.rs", "docs/snippets/a.ts", "pkg/docs/b.js"],
        );
    }

    #[test]
    fn every_supported_extension_looks_like_source() {
        for language in bespoke_extract::LANGUAGES {
            for extension in language.extensions {
                let path = RepoPath::new(format!("a.{extension}"));
                assert!(looks_like_source(&path), "{extension}");
            }
        }
        assert!(looks_like_source(&RepoPath::new("a/b.py")));
        assert!(!looks_like_source(&RepoPath::new("logo.png")));
        assert!(!looks_like_source(&RepoPath::new(".ts")));
    }
}
