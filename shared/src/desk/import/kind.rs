//! The kinds of files, told by the file's name, and their columns.

/// What a file holds. The order is that in which a folder is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ImportKind)]
pub enum Kind {
    Settings,
    Branches,
    Categories,
    Levels,
    Roles,
    Staff,
    Products,
    Members,
    Stock,
}

/// Why a whole file is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileRefused {
    #[error("文件名不认识 / no kind of file has this name: {0}")]
    UnknownFile(String),
    #[error("列不认识 / unknown column: {0}")]
    UnknownColumn(String),
    #[error("缺少列 / missing column: {0}")]
    MissingColumn(String),
    #[error("列重复 / column given twice: {0}")]
    ColumnTwice(String),
    #[error("不是 UTF-8 文本 / not UTF-8 text")]
    NotUtf8,
    #[error("文件是空的 / the file is empty")]
    Empty,
    #[error("文件太大 / the file is too large")]
    TooLarge,
    #[error("CSV 格式错误 / not CSV: {0}")]
    NotCsv(String),
}

impl Kind {
    /// In the order in which a folder is read: what is referred to comes first.
    pub const ALL: [Kind; 9] = {
        use Kind::*;
        [Settings, Branches, Categories, Levels, Roles, Staff, Products, Members, Stock]
    };

    /// Stem of the file's name.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Settings => "settings",
            Kind::Branches => "branches",
            Kind::Categories => "categories",
            Kind::Levels => "levels",
            Kind::Roles => "roles",
            Kind::Staff => "staff",
            Kind::Products => "products",
            Kind::Members => "members",
            Kind::Stock => "stock",
        }
    }

    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Columns that a file must have, and those it may have.
    pub fn columns(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Kind::Settings => (&["group", "key", "value"], &[]),
            Kind::Branches => (&["code", "name"], &["name_en", "address", "phone", "zone_minutes", "cutoff_minutes", "price_list"]),
            Kind::Categories => (&["code", "name"], &["name_en", "parent"]),
            Kind::Levels => {
                (&["code", "name", "rank", "discount_bp", "points_factor_bp", "threshold_minor"], &["name_en", "threshold_purchases"])
            }
            Kind::Roles => (&["code", "name", "rights"], &["name_en", "max_line_discount_bp", "max_bill_discount_bp", "max_refund_minor"]),
            Kind::Staff => (&["code", "name", "roles"], &["branch", "pin"]),
            Kind::Products => (
                &["number", "name", "category", "unit", "price"],
                &[
                    "name_en",
                    "weighed",
                    "plu",
                    "barcodes",
                    "discountable",
                    "earns_points",
                    "cost",
                    "member_price",
                    "gift_points",
                    "gift_money",
                    "retired",
                ],
            ),
            Kind::Members => (
                &["name"],
                &[
                    "phone",
                    "birthday",
                    "card",
                    "home",
                    "level",
                    "value",
                    "bonus",
                    "points",
                    "gender",
                    "note",
                    "package",
                    "package_no",
                    "uses",
                    "gift_uses",
                    "package_value",
                    "package_ends",
                ],
            ),
            Kind::Stock => (&["branch", "product", "quantity"], &[]),
        }
    }

    /// A column without a name is left out.
    ///
    /// # Errors
    /// The first column that is unknown, given twice or missing.
    pub fn check(self, columns: &[String]) -> Result<(), FileRefused> {
        let (required, optional) = self.columns();
        for (at, column) in columns.iter().enumerate().filter(|(_, column)| !column.is_empty()) {
            if !required.contains(&column.as_str()) && !optional.contains(&column.as_str()) {
                return Err(FileRefused::UnknownColumn(column.clone()));
            }
            if columns[..at].contains(column) {
                return Err(FileRefused::ColumnTwice(column.clone()));
            }
        }
        match required.iter().find(|required| !columns.iter().any(|column| column == *required)) {
            Some(missing) => Err(FileRefused::MissingColumn((*missing).into())),
            None => Ok(()),
        }
    }
}
