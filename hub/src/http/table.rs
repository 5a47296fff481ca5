//! The one list of questions and commands.
use super::ask::{
    branches, calls, conflicts, coupons, exceptions, goods, house, members, messages, packages, reports, settings, takings, timed,
};
use super::order::{
    branches as branch, conflicts as conflict, coupons as coupon, documents as document, exceptions as exception, goods as product,
    house as staff, members as member, messages as message, openings as opening, packages as package, timed as tariff,
};
use super::route::{Table, description};
use super::{imports, page, shown};
use utoipa::openapi::OpenApi;
use utoipa::openapi::path::{HttpMethod, OperationBuilder};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::Object;
use utoipa::openapi::{Content, Required, ResponseBuilder};

pub fn table() -> Table {
    Table::new(description())
        .ask::<takings::AskTakings>()
        .ask::<takings::AskSales>()
        .ask::<takings::AskSale>()
        .ask::<takings::AskHistory>()
        .ask::<reports::AskReports>()
        .ask::<reports::AskReport>()
        .ask::<branches::AskBranches>()
        .ask::<branches::AskStatus>()
        .ask::<members::AskMembers>()
        .ask::<members::AskSegments>()
        .ask::<members::AskMember>()
        .ask::<members::AskClaims>()
        .ask::<messages::AskMessageHouse>()
        .ask::<messages::AskSending>()
        .ask::<messages::AskMessages>()
        .ask::<messages::AskMessage>()
        .ask::<goods::AskCategories>()
        .ask::<goods::AskProducts>()
        .ask::<goods::AskProduct>()
        .ask::<packages::AskPackages>()
        .ask::<coupons::AskCoupons>()
        .ask::<timed::AskTariffs>()
        .ask::<calls::AskCalls>()
        .ask::<conflicts::AskConflicts>()
        .ask::<exceptions::AskExceptions>()
        .ask::<house::AskStaff>()
        .ask::<house::AskRoles>()
        .ask::<house::AskLevels>()
        .ask::<settings::AskSettings>()
        .ask::<house::AskImports>()
        .ask::<house::AskImport>()
        .ask::<house::AskOpenings>()
        .order::<branch::EnrolCode>()
        .order::<branch::BranchWrite>()
        .order::<branch::SealInstall>()
        .order::<branch::AcceptMissing>()
        .order::<member::MemberEdit>()
        .order::<member::MergeMembers>()
        .order::<member::UnmergeMember>()
        .order::<member::SegmentWrite>()
        .order::<member::MemberLevel>()
        .order::<member::MemberPin>()
        .order::<message::MemberContact>()
        .order::<message::MessageSend>()
        .order::<message::MessageAgain>()
        .order::<member::CardBlock>()
        .order::<member::CardUnblock>()
        .order::<product::ProductWrite>()
        .order::<product::ChangePrice>()
        .order::<package::PackageWrite>()
        .order::<coupon::CouponsIssue>()
        .order::<tariff::TariffWrite>()
        .order::<conflict::SettleConflict>()
        .order::<document::BeginAnew>()
        .order::<document::EraseMember>()
        .order::<exception::OwnException>()
        .order::<exception::CloseException>()
        .order::<exception::ConfirmIssues>()
        .order::<exception::CollectDebt>()
        .order::<exception::WriteOffDebt>()
        .order::<opening::UndoImport>()
        .order::<staff::StaffWrite>()
        .order::<staff::StaffPin>()
        .order::<staff::StaffPassword>()
        .order::<staff::StaffDisable>()
        .order::<staff::SettingWrite>()
}

/// The whole API, with what stands outside the list: the session.
pub fn described() -> OpenApi {
    let mut table = table();
    table.component::<imports::Import>();
    table.component::<shown::Event>();
    let json = |schema| Content::new(Some(schema));
    let nothing = Object::new();
    let hub = table.component::<page::Hub>();
    let (begun, proven) = (table.component::<page::SecondBegun>(), table.component::<page::SecondProven>());
    for (path, body, answer) in [
        ("/api/session/sign_in", Some(table.component::<page::SignIn>()), hub.clone()),
        ("/api/session/sign_out", Some(nothing.clone().into()), hub.clone()),
        ("/api/session/password", Some(table.component::<page::ChangePassword>()), hub.clone()),
        ("/api/session/language", Some(table.component::<page::ChooseLanguage>()), hub.clone()),
        ("/api/session/second/begin", Some(nothing.into()), begun),
        ("/api/session/second/prove", Some(table.component::<page::ProveSecond>()), proven),
        ("/api/session/second/end", Some(table.component::<page::EndSecond>()), hub.clone()),
        ("/api/hub", None, hub),
    ] {
        let answer = ResponseBuilder::new().description("").content("application/json", json(answer));
        let mut operation = OperationBuilder::new().response("200", answer.build());
        let verb = if body.is_some() { HttpMethod::Post } else { HttpMethod::Get };
        if let Some(body) = body {
            let body = RequestBodyBuilder::new().content("application/json", json(body)).required(Some(Required::True));
            operation = operation.request_body(Some(body.build()));
        }
        table.described.paths.add_path_operation(path, vec![verb], operation);
    }
    table.described
}
