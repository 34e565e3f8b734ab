//! What manifests and configurations say of where modules are found.

/// The manifests of a tree. Every path is relative to the tree's root, and empty for the root itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifests {
    /// Each `package.json`, sorted by folder.
    pub npm: Vec<NpmManifest>,
    /// Each `Cargo.toml`, sorted by folder.
    pub cargo: Vec<CargoManifest>,
    /// Path maps of `tsconfig.json` and `jsconfig.json`, sorted by folder; several of one folder in the order in which
    /// they are asked.
    pub path_maps: Vec<PathMap>,
    /// Folders that hold Python packages: because a manifest says so, or because they or the folder of their `src` hold
    /// a project's manifest. Sorted.
    pub python_roots: Vec<String>,
}

/// A name or pattern with at most one `*`, and what it stands for, to be tried in order.
pub type Mapping = (String, Vec<String>);

/// What a `package.json` says.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct NpmManifest {
    /// Its folder.
    pub dir: String,
    /// The package's name, where it has one.
    pub name: Option<String>,
    /// Files that an import of the package as a whole may load (`source`, `module`, `main`, `types`), relative to `dir`.
    pub entries: Vec<String>,
    /// `exports`: subpaths (`.`, `./x`, `./x/*`) and their files relative to `dir`, of all conditions. No file: it is
    /// shut off.
    pub exports: Vec<Mapping>,
    /// `imports`: names of the form `#x` and their files relative to `dir`, or other packages' names.
    pub imports: Vec<Mapping>,
}

/// What a `Cargo.toml` says.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct CargoManifest {
    /// Its folder.
    pub dir: String,
    /// The package's name as dependents write it in their manifests; `None` for a workspace without a package.
    pub package: Option<String>,
    /// Name of the library crate as code writes it.
    pub library: Option<String>,
    /// Root file of the library, where it names one.
    pub library_root: Option<String>,
    /// Root files of the other crates that it names; those that Cargo finds by itself are not among them.
    pub roots: Vec<String>,
    /// Dependencies that code knows by another name: that name, and the package's.
    pub renamed: Vec<(String, String)>,
}

/// What a `tsconfig.json` says of the files in its folder and below, with all that it extends.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct PathMap {
    /// Its folder.
    pub dir: String,
    /// `baseUrl`: the folder below which imports that are not relative are looked for.
    pub base: Option<String>,
    /// `paths`: patterns and the paths they stand for, those outside of the tree left out.
    pub aliases: Vec<Mapping>,
}
