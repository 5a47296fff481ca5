//! Kinds of packages.
use crate::http::ask::packages::{Package as Shown, PackageItem, shown};
use crate::http::refused::No;
use crate::http::route::{Order, Scene, decide};
use crate::moment::Asking;
use serde::{Deserialize, Serialize};
use shared::base::{BranchId, DocumentId};
use shared::desk::write::package::Package;
use shared::desk::write::{Write, standing};
use shared::documents::package::{Item, Package as Written};
use shared::journal::Right;
use shared::members::member::home_field;
use shared::packages::kind::kinds;
use shared::store::Writer;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct OfPackage {
    package: Shown,
}

/// Makes a kind of package, or changes one; what was sold stays as it was sold.
#[derive(Deserialize, ToSchema)]
pub struct PackageWrite {
    /// None: a new one.
    #[schema(required)]
    package: Option<DocumentId>,
    code: String,
    name: String,
    #[schema(required)]
    name_en: Option<String>,
    /// Minor units.
    price: i64,
    days: i64,
    items: Vec<PackageItem>,
    branches: Vec<BranchId>,
    retired: bool,
}

impl PackageWrite {
    fn written(&self) -> Written {
        let item = |item: &PackageItem| Item {
            services: item.services.iter().copied().collect(),
            uses: item.uses,
            gift: item.gift,
            daily: item.daily,
            from: item.from_minute,
            until: item.until_minute,
        };
        Written {
            code: self.code.trim().into(),
            name: self.name.trim().into(),
            name_en: self.name_en.clone().unwrap_or_default().trim().into(),
            price_minor: self.price,
            days: self.days,
            items: (1_u8..=99).zip(self.items.iter().map(item)).collect(),
            branches: self.branches.iter().map(|branch| home_field(*branch)).collect(),
            retired: self.retired,
        }
    }
}

impl Order for PackageWrite {
    const NAME: &'static str = "package_write";
    const RIGHT: Right = Right::Catalogue;
    type Made = DocumentId;
    type Answer = OfPackage;

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<DocumentId, No> {
        let document = self.package.unwrap_or(DocumentId(asking.command.0));
        let old = standing(writer, document)?;
        if self.package.is_some() && old.is_empty() {
            return Err(No::not_found("package"));
        }
        let set = self.written().to_fields();
        let removed = old.into_keys().filter(|key| !set.contains_key(key)).collect();
        decide(writer, &Write::<Package>::new(Some(document), set, removed), asking, 0)?;
        Ok(document)
    }

    fn shown(made: DocumentId, scene: &Scene<'_>) -> Result<OfPackage, No> {
        let kind = kinds(scene.db)?.into_iter().find(|kind| kind.id == made);
        Ok(OfPackage { package: shown(kind.ok_or_else(|| No::not_found("package"))?) })
    }
}
