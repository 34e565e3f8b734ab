//! Words for tenants and for what is no tenant. Strengths are 100 minus the ambiguity that samples of public code showed.

/// A word for the one who is served.
pub(super) struct Word {
    /// Lower case, separators dropped.
    pub(super) word: &'static str,
    /// 0 (means anything) to 100 (means a tenant).
    pub(super) strength: u8,
    /// What follows it in the name of an identity: `tenantSlug`.
    pub(super) identity: &'static [&'static str],
    /// What beside it in one name says that it means something else.
    pub(super) stop: &'static [&'static str],
}

/// In order of the word.
pub(super) static SUBJECTS: &[Word] = &[
    Word { word: "account", strength: 40, identity: &["slug", "subdomain", "handle", "key", "number"], stop: &["bank", "chart", "ledger", "gl", "financial", "current", "savings", "service", "user", "login", "aws", "gcp", "storage", "type"] },
    Word { word: "acquirer", strength: 10, identity: &["name", "id", "code"], stop: &["payment", "sms", "email", "oauth", "llm", "cloud", "api", "shipping", "adapter"] },
    Word { word: "advertiser", strength: 45, identity: &["id", "slug", "name"], stop: &["ad", "book", "pubsub"] },
    Word { word: "agency", strength: 50, identity: &["id", "code", "slug"], stop: &["gtfs", "route", "transit", "travel"] },
    Word { word: "appearance", strength: 25, identity: &["name", "id"], stop: &["light", "dark", "system", "default", "auto", "highcontrast"] },
    Word { word: "bank", strength: 30, identity: &["code", "id", "name"], stop: &["iban", "swift", "bic", "account", "transfer", "cash"] },
    Word { word: "borough", strength: 60, identity: &["id", "code", "areaid", "name"], stop: &["address", "geo", "postal", "gazetteer"] },
    Word { word: "brand", strength: 40, identity: &["id", "code", "slug", "key", "name"], stop: &["product", "vehicle", "car", "printer", "card", "visa", "mastercard", "filter"] },
    Word { word: "buildtype", strength: 40, identity: &["name"], stop: &["free", "paid", "pro", "lite", "full", "demo", "dev", "prod", "staging", "google", "fdroid", "huawei", "amazon", "plugin", "debug", "release"] },
    Word { word: "campus", strength: 60, identity: &["id", "code", "slug", "name"], stop: &["filter", "main", "type", "dropdown"] },
    Word { word: "carrier", strength: 10, identity: &["name", "id", "code"], stop: &["payment", "sms", "email", "oauth", "llm", "cloud", "api", "shipping", "adapter"] },
    Word { word: "city", strength: 60, identity: &["id", "code", "areaid", "name"], stop: &["address", "geo", "postal", "gazetteer"] },
    Word { word: "client", strength: 15, identity: &["id", "code", "slug", "key", "name"], stop: &["http", "api", "grpc", "redis", "db", "mqtt", "ws", "socket", "oauth", "sdk", "fake", "mock", "test", "web", "mobile", "gui", "headless", "mcp", "rpc", "thin"] },
    Word { word: "clientcode", strength: 75, identity: &[], stop: &[] },
    Word { word: "clientname", strength: 40, identity: &[], stop: &["mcp", "useragent", "sdk"] },
    Word { word: "clinic", strength: 40, identity: &["id", "code", "name"], stop: &["dataframe", "yes", "no", "type", "level"] },
    Word { word: "cobrand", strength: 95, identity: &["moniker", "name", "id"], stop: &[] },
    Word { word: "college", strength: 60, identity: &["id", "code", "slug", "name"], stop: &["filter", "main", "type", "dropdown"] },
    Word { word: "company", strength: 75, identity: &["id", "code", "slug", "name", "key"], stop: &["test", "fixture", "seed", "stock", "ticker", "employer"] },
    Word { word: "connector", strength: 10, identity: &["name", "id", "code"], stop: &["payment", "sms", "email", "oauth", "llm", "cloud", "api", "shipping", "adapter"] },
    Word { word: "council", strength: 60, identity: &["id", "code", "areaid", "name"], stop: &["address", "geo", "postal", "gazetteer"] },
    Word { word: "country", strength: 45, identity: &["code", "id", "key"], stop: &["address", "phone", "currency", "shipping", "tax", "locale", "i18n"] },
    Word { word: "county", strength: 60, identity: &["id", "code", "areaid", "name"], stop: &["address", "geo", "postal", "gazetteer"] },
    Word { word: "customer", strength: 55, identity: &["id", "slug", "code", "name", "key", "number", "group"], stop: &["stripe", "role", "usertype", "type", "cus", "crm", "order", "cart", "checkout", "review", "loyalty", "select", "form"] },
    Word { word: "database", strength: 50, identity: &["name"], stop: &["postgres", "mysql", "sqlite", "driver", "engine", "adapter", "test"] },
    Word { word: "dbname", strength: 50, identity: &["name"], stop: &["postgres", "mysql", "sqlite", "driver", "engine", "adapter", "test"] },
    Word { word: "dealer", strength: 65, identity: &["id", "code"], stop: &["role", "type", "car"] },
    Word { word: "deployment", strength: 30, identity: &["name", "id", "code", "key"], stop: &["ec2", "vm", "db", "singleton", "perf", "total", "class", "object", "instanceof"] },
    Word { word: "distributor", strength: 65, identity: &["id", "code"], stop: &["role", "type", "car"] },
    Word { word: "district", strength: 60, identity: &["id", "code", "slug", "name"], stop: &["filter", "main", "type", "dropdown"] },
    Word { word: "domain", strength: 40, identity: &["name", "slug", "key"], stop: &["email", "dns", "url", "cookie", "ddd", "bounded", "model", "math", "regex", "host"] },
    Word { word: "donor", strength: 45, identity: &["id", "slug", "name"], stop: &["ad", "book", "pubsub"] },
    Word { word: "edition", strength: 40, identity: &["name"], stop: &["free", "paid", "pro", "lite", "full", "demo", "dev", "prod", "staging", "google", "fdroid", "huawei", "amazon", "plugin", "debug", "release"] },
    Word { word: "environment", strength: 25, identity: &["name"], stop: &["prod", "production", "staging", "dev", "test", "qa", "local", "ci", "sandbox"] },
    Word { word: "facility", strength: 40, identity: &["id", "code", "name"], stop: &["dataframe", "yes", "no", "type", "level"] },
    Word { word: "flavor", strength: 40, identity: &["name"], stop: &["free", "paid", "pro", "lite", "full", "demo", "dev", "prod", "staging", "google", "fdroid", "huawei", "amazon", "plugin", "debug", "release"] },
    Word { word: "flavour", strength: 40, identity: &["name"], stop: &["free", "paid", "pro", "lite", "full", "demo", "dev", "prod", "staging", "google", "fdroid", "huawei", "amazon", "plugin", "debug", "release"] },
    Word { word: "franchise", strength: 65, identity: &["id", "code", "slug"], stop: &["movie", "game", "sports"] },
    Word { word: "funder", strength: 45, identity: &["id", "slug", "name"], stop: &["ad", "book", "pubsub"] },
    Word { word: "gateway", strength: 10, identity: &["name", "id", "code"], stop: &["payment", "sms", "email", "oauth", "llm", "cloud", "api", "shipping", "adapter"] },
    Word { word: "group", strength: 15, identity: &["id", "slug", "email"], stop: &["role", "admin", "anonymous", "self"] },
    Word { word: "hospital", strength: 40, identity: &["id", "code", "name"], stop: &["dataframe", "yes", "no", "type", "level"] },
    Word { word: "host", strength: 40, identity: &["slug", "id", "name"], stop: &["localhost", "127", "github", "youtube", "cdn", "s3", "db", "port"] },
    Word { word: "hostname", strength: 40, identity: &["slug", "id", "name"], stop: &["localhost", "127", "github", "youtube", "cdn", "s3", "db", "port"] },
    Word { word: "hub", strength: 40, identity: &["id", "key"], stop: &["react", "dom", "createportal"] },
    Word { word: "installation", strength: 30, identity: &["name", "id", "code", "key"], stop: &["ec2", "vm", "db", "singleton", "perf", "total", "class", "object", "instanceof"] },
    Word { word: "instance", strength: 30, identity: &["name", "id", "code", "key"], stop: &["ec2", "vm", "db", "singleton", "perf", "total", "class", "object", "instanceof"] },
    Word { word: "institution", strength: 60, identity: &["id", "code", "slug", "name"], stop: &["bank", "plaid", "gocardless", "edu"] },
    Word { word: "jurisdiction", strength: 85, identity: &["id", "name", "key"], stop: &["legal", "tax"] },
    Word { word: "licencee", strength: 85, identity: &["id", "code"], stop: &[] },
    Word { word: "licensee", strength: 85, identity: &["id", "code"], stop: &[] },
    Word { word: "market", strength: 45, identity: &["code", "id", "key"], stop: &["address", "phone", "currency", "shipping", "tax", "locale", "i18n"] },
    Word { word: "member", strength: 15, identity: &["id", "slug", "email"], stop: &["role", "admin", "anonymous", "self"] },
    Word { word: "merchant", strength: 50, identity: &["id", "code", "key", "slug", "name"], stop: &["category", "mcc", "transaction", "receipt", "expense", "bank"] },
    Word { word: "municipality", strength: 60, identity: &["id", "code", "areaid", "name"], stop: &["address", "geo", "postal", "gazetteer"] },
    Word { word: "namespace", strength: 60, identity: &[], stop: &["xml", "k8s", "kube", "c", "module", "css", "graphql", "xmlns"] },
    Word { word: "org", strength: 88, identity: &["id", "slug", "code", "name", "key", "handle"], stop: &["chart", "unit", "orgtype"] },
    Word { word: "organisation", strength: 75, identity: &["id", "slug", "code", "name", "key"], stop: &["who", "worldhealth", "github", "schema"] },
    Word { word: "organization", strength: 75, identity: &["id", "slug", "code", "name", "key"], stop: &["who", "worldhealth", "github", "schema"] },
    Word { word: "owner", strength: 15, identity: &["id", "slug", "email"], stop: &["role", "admin", "anonymous", "self"] },
    Word { word: "partner", strength: 40, identity: &["id", "code", "slug", "name", "key"], stop: &["delivery", "payment", "sales", "trading", "spouse", "contact", "true", "false"] },
    Word { word: "platformid", strength: 40, identity: &["id", "key"], stop: &["react", "dom", "createportal"] },
    Word { word: "portal", strength: 40, identity: &["id", "key"], stop: &["react", "dom", "createportal"] },
    Word { word: "practice", strength: 40, identity: &["id", "code", "name"], stop: &["dataframe", "yes", "no", "type", "level"] },
    Word { word: "program", strength: 40, identity: &["id", "slug", "code"], stop: &["loyalty", "study", "sport", "tv", "source"] },
    Word { word: "programme", strength: 40, identity: &["id", "slug", "code"], stop: &["loyalty", "study", "sport", "tv", "source"] },
    Word { word: "project", strength: 15, identity: &["id", "slug", "key", "name"], stop: &["git", "jira", "gcp", "firebase", "playwright", "maven", "cargo", "build", "vite"] },
    Word { word: "provider", strength: 10, identity: &["name", "id", "code"], stop: &["payment", "sms", "email", "oauth", "llm", "cloud", "api", "shipping", "adapter"] },
    Word { word: "publisher", strength: 45, identity: &["id", "slug", "name"], stop: &["ad", "book", "pubsub"] },
    Word { word: "realm", strength: 15, identity: &["name", "id"], stop: &["keycloak", "kerberos", "auth", "wow", "trac", "basic"] },
    Word { word: "region", strength: 45, identity: &["code", "id", "key"], stop: &["address", "phone", "currency", "shipping", "tax", "locale", "i18n"] },
    Word { word: "reseller", strength: 65, identity: &["id", "code"], stop: &["role", "type", "car"] },
    Word { word: "schema", strength: 50, identity: &["name"], stop: &["postgres", "mysql", "sqlite", "driver", "engine", "adapter", "test"] },
    Word { word: "school", strength: 60, identity: &["id", "code", "slug", "name"], stop: &["filter", "main", "type", "dropdown"] },
    Word { word: "seller", strength: 50, identity: &["id", "code"], stop: &["marketplace", "rank"] },
    Word { word: "shard", strength: 50, identity: &["name"], stop: &["postgres", "mysql", "sqlite", "driver", "engine", "adapter", "test"] },
    Word { word: "shop", strength: 45, identity: &["id", "domain", "code", "name", "slug"], stop: &["osm", "amenity", "marketplace", "rakuten", "amazon", "workshop", "photoshop"] },
    Word { word: "site", strength: 20, identity: &["id", "code", "slug", "key"], stop: &["call", "composite", "target", "web", "build", "construction", "seo", "cross", "reflection"] },
    Word { word: "skin", strength: 25, identity: &["name", "id"], stop: &["light", "dark", "system", "default", "auto", "highcontrast"] },
    Word { word: "sku", strength: 40, identity: &["name"], stop: &["free", "paid", "pro", "lite", "full", "demo", "dev", "prod", "staging", "google", "fdroid", "huawei", "amazon", "plugin", "debug", "release"] },
    Word { word: "sponsor", strength: 45, identity: &["id", "slug", "name"], stop: &["ad", "book", "pubsub"] },
    Word { word: "store", strength: 40, identity: &["id", "code", "number", "name"], stop: &["redux", "vuex", "pinia", "kv", "data", "appstore", "play", "session", "token", "state", "key"] },
    Word { word: "style", strength: 25, identity: &["name", "id"], stop: &["light", "dark", "system", "default", "auto", "highcontrast"] },
    Word { word: "subdomain", strength: 60, identity: &[], stop: &["www", "app", "api", "admin", "localhost", "staging", "cdn", "static"] },
    Word { word: "subscriber", strength: 15, identity: &["id", "slug", "email"], stop: &["role", "admin", "anonymous", "self"] },
    Word { word: "supplier", strength: 10, identity: &["name", "id", "code"], stop: &["payment", "sms", "email", "oauth", "llm", "cloud", "api", "shipping", "adapter"] },
    Word { word: "team", strength: 15, identity: &["id", "slug", "email"], stop: &["role", "admin", "anonymous", "self"] },
    Word { word: "tenancy", strength: 90, identity: &["id", "name"], stop: &["lease", "rent"] },
    Word { word: "tenant", strength: 90, identity: &["id", "slug", "code", "key", "name", "namespace", "subdomain", "domain", "schema"], stop: &["azure", "entra", "aad", "arm", "msal", "oauth", "directory", "lease", "rent", "landlord", "apartment", "property", "isolation", "model", "plan", "status"] },
    Word { word: "theme", strength: 25, identity: &["name", "id"], stop: &["light", "dark", "system", "default", "auto", "highcontrast"] },
    Word { word: "university", strength: 60, identity: &["id", "code", "slug", "name"], stop: &["filter", "main", "type", "dropdown"] },
    Word { word: "user", strength: 15, identity: &["id", "slug", "email"], stop: &["role", "admin", "anonymous", "self"] },
    Word { word: "variant", strength: 40, identity: &["name"], stop: &["free", "paid", "pro", "lite", "full", "demo", "dev", "prod", "staging", "google", "fdroid", "huawei", "amazon", "plugin", "debug", "release"] },
    Word { word: "vendor", strength: 5, identity: &["id", "code", "name"], stop: &["gpu", "cpu", "pci", "usb", "db", "connection", "browser", "prefix", "css", "package"] },
    Word { word: "ward", strength: 40, identity: &["id", "code", "name"], stop: &["dataframe", "yes", "no", "type", "level"] },
    Word { word: "website", strength: 25, identity: &["code", "id"], stop: &["url", "has", "href"] },
    Word { word: "whitelabel", strength: 90, identity: &["id", "code", "key", "name"], stop: &["is", "enabled", "true", "false"] },
    Word { word: "workspace", strength: 65, identity: &["id", "slug", "key", "name"], stop: &["vscode", "cargo", "pnpm", "yarn", "bazel", "terraform", "slack", "root", "folder", "dir", "path"] },
];

/// Attributes that say which one it is; folded.
pub(super) static IDENTITY: &[&str] = &["alias", "apikeyowner", "code", "dbname", "domain", "externalid", "guid", "handle", "host", "hostname", "id", "ident", "identifier", "key", "moniker", "name", "namespace", "ref", "schema", "shortname", "slug", "subdomain", "tenantkey", "uuid"];

/// Attributes that say what it is like; folded.
pub(super) static NON_IDENTITY: &[&str] = &["active", "billingstatus", "category", "color", "config", "count", "country", "createdat", "currency", "deleted", "edition", "enabled", "features", "flags", "industry", "isolationmodel", "kind", "lang", "language", "length", "level", "locale", "mode", "plan", "role", "roles", "segment", "settings", "size", "state", "status", "storageprovider", "subscriptionplan", "theme", "tier", "timezone", "tone", "trusteddomains", "type", "verified"];

/// Literals that stand for nobody in particular; lower case.
pub(super) static SENTINELS: &[&str] = &["", "*", "-", "--", "-1", ".", "..", "0", "<shared>", "<unknown>", "__unknown__", "_global", "_total", "admin", "all", "anonymous", "any", "api", "app", "bigint", "boolean", "common", "current", "custom", "default", "demo", "dev", "dummy", "example", "fake", "false", "function", "global", "guest", "internal", "legacy", "local", "localhost", "main", "master", "me", "mock", "n/a", "nil", "no", "none", "null", "number", "object", "off", "on", "one", "other", "others", "overall", "platform", "primary", "prod", "production", "public", "root", "sample", "sandbox", "select", "self", "shared", "staging", "string", "symbol", "sys", "system", "test", "test1", "true", "undefined", "unknown", "unspecified", "www", "yes"];

/// Names whose comparisons are about something else; folded.
pub(super) static NEAR_MISS: &[&str] = &["action", "actions", "adapter", "algorithm", "category", "charset", "cmd", "code", "color", "column", "command", "contenttype", "context", "currency", "dialect", "direction", "doctype", "driver", "encoding", "engine", "env", "error", "event", "events", "ext", "extension", "field", "format", "gender", "interval", "key", "keys", "kind", "kinds", "label", "lang", "language", "layer", "layers", "level", "locale", "mediatype", "method", "methods", "mode", "model", "modes", "month", "nodename", "nodetype", "op", "operation", "operator", "order", "os", "page", "pages", "phase", "platform", "protocol", "reason", "relationship", "response", "result", "role", "roles", "scheme", "section", "severity", "shape", "size", "sort", "stage", "state", "states", "status", "statuses", "step", "style", "suite", "tab", "table", "tag", "tagname", "theme", "type", "types", "unit", "variant", "view", "weekday"];

/// Words around a customer's name that make no other customer; lower case.
pub(super) static AFFIXES: &[&str] = &["ag", "alpha", "api", "app", "backup", "bank", "beta", "bv", "city", "co", "college", "copy", "corp", "council", "county", "demo", "dev", "full", "gmbh", "group", "holding", "hospital", "inc", "legacy", "live", "llc", "local", "ltd", "new", "old", "pilot", "plc", "portal", "prod", "production", "qa", "sa", "sandbox", "school", "site", "stage", "staging", "state", "test", "testing", "train", "training", "trial", "uat", "university", "v1", "v2", "web"];

/// Folders whose children are customers; lower case.
pub(super) static COHORT_FOLDERS: &[&str] = &["brand", "branding", "brands", "client_configs", "clients", "cobrands", "custom", "customer", "customers", "dblists", "deployments", "flavors", "flavours", "jurisdictions", "organizations", "orgs", "partner", "partners", "programs", "sites", "tenant", "tenants", "white-label", "whitelabel", "whitelabels"];

/// Environment variables and headers that carry a tenant; folded.
pub(super) static ENVIRONMENT: &[&str] = &["brand", "clientcode", "clientname", "customer", "customerid", "expopublicclientid", "flavor", "nextpublictenantnamespace", "reactappbrand", "region", "site", "tenant", "tenantid", "tenantnamespace", "tenantslug", "vitebrand", "whitelabel", "xcustomerid", "xorgid", "xtenant", "xtenantid"];
