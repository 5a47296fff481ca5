//! Members who may be one person are listed; head office merges them and takes them apart again; a file that comes in again writes nothing anew.
use crate::desk::chain;
use crate::site::Site;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_be_one_person_is_listed_merged_and_taken_apart() {
    let site = Site::new("merge").await;
    let hq = chain(&site).await;
    let more = "name,phone,card,birthday,value,bonus\n李雷,13600136000,7001,19900521,100.00,10.00\n李雷,13500135000,7002,19900521,50.00,\n";
    assert_eq!(hq.import("members", more).await["rejected"], 0);
    let (_, claims) = hq.get("/api/claims").await;
    let claim = &claims["rows"][0];
    assert_eq!((&claim["why"], &claim["number"], claim["members"].as_array().map(Vec::len)), (&json!("name"), &json!("19900521"), Some(2)));
    let find = async |text: &str| hq.get(&format!("/api/members?text={text}")).await.1["rows"][0]["id"].clone();
    let (first, second) = (find("7001").await, find("7002").await);
    let whole = async |id: &Value| hq.get(&format!("/api/members/{}", id.as_str().expect("an id"))).await.1;
    let merge = |survivor: &Value, other: &Value| json!({"survivor": survivor, "members": [other]});
    let merged = hq.done("merge_members", merge(&first, &second)).await["member"].clone();
    assert_eq!((&merged["value"]["principal"], &merged["merged"][0]["id"]), (&json!(15_000), &second));
    assert_eq!(merged["cards"], json!(["7001", "7002"]));
    assert_eq!((find("7002").await, &whole(&second).await["survivor"]["id"]), (first.clone(), &first));
    assert_eq!(hq.get("/api/claims").await.1["rows"], json!([]));
    assert_eq!(hq.get("/api/members").await.1["total"], 3, "who was merged is not listed beside");
    assert_eq!(hq.command("merge_members", merge(&first, &second)).await.1["code"], "not_sound");
    let again = hq.import("members", more).await;
    assert_eq!((&again["changed"], &again["unchanged"]), (&json!(0), &json!(2)), "each line is of its own member still");

    // What is written of one of them is not written of the other.
    let edit = json!({"member": first, "name": "李雷", "phone": null, "birthday": 19_900_521, "gender": null, "note": "常客", "home": null,
                      "cards": ["7001", "7002"], "although_taken": false});
    hq.done("member_edit", edit).await;
    let apart = hq.done("unmerge_member", json!({"member": second})).await["member"].clone();
    assert_eq!((&apart["value"]["principal"], &apart["survivor"], &apart["note"]), (&json!(5_000), &Value::Null, &json!("")));
    let first = whole(&first).await;
    assert_eq!((&first["value"]["total"], &first["cards"], &first["merged"]), (&json!(11_000), &json!(["7001"]), &json!([])));
    assert_eq!(hq.command("unmerge_member", json!({"member": second})).await.1["code"], "not_found");
    assert_eq!(hq.get("/api/claims").await.1["rows"][0]["why"], "name", "they are asked about again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_of_another_system_is_mapped_tried_brought_in_and_taken_back() {
    let site = Site::new("openings").await;
    let hq = chain(&site).await;
    let text = "姓名,手机号,余额,备注二\n赵一,13711110001,12345.60,x\n钱二,12,50.00,y\n".to_owned();
    let ((status, looked), _) = hq.send("/api/import/members?look=true", text.clone().into_bytes(), true).await;
    assert_eq!((status, &looked["columns"]), (200, &json!(["姓名", "手机号", "余额", "备注二"])));
    assert_eq!((&looked["lines"][0][2], &looked["required"]), (&json!("12345.60"), &json!(["name"])));
    let asked = "members?columns=name,phone,value,&trial=";
    let entries = async || hq.get("/api/status").await.1["entries"].clone();
    let before = entries().await;
    let tried = hq.import(&format!("{asked}true"), &text).await;
    assert_eq!((&tried["trial"], &tried["changed"], &tried["rejected"]), (&json!(true), &json!(1), &json!(1)));
    assert_eq!((&tried["amounts"]["value"], &tried["missing"]["value"]), (&json!(1_239_560), &json!(5_000)));
    assert_eq!(entries().await, before, "nothing of a trial stays");
    assert_eq!(hq.get("/api/members?text=13711110001").await.1["total"], 0);

    let done = hq.import(&format!("{asked}false"), &text).await;
    assert_eq!((&done["changed"], &done["rejected"], &done["missing"]["value"]), (&json!(1), &json!(1), &json!(5_000)));
    let found = hq.get("/api/members?text=13711110001").await.1["rows"][0]["id"].as_str().expect("an id").to_owned();
    let held = async || hq.get(&format!("/api/members/{found}")).await.1["value"]["principal"].clone();
    assert_eq!(held().await, 1_234_560);
    let file = hq.get("/api/openings").await.1["rows"][0].clone();
    assert_eq!((&file["openings"], &file["value"], &file["reversed"]), (&json!(1), &json!(1_234_560), &json!(0)));
    let undone = hq.done("undo_import", json!({"batch": file["batch"]})).await;
    assert_eq!((&undone["file"]["reversed"], held().await), (&json!(1), json!(0)));
    assert_eq!(hq.import(&format!("{asked}false"), &text.replace("12345.60", "12295.60")).await["changed"], 1);
    assert_eq!(held().await, 1_229_560);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_workbook_is_read_like_a_file_of_commas() {
    let site = Site::new("workbook").await;
    let hq = chain(&site).await;
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, (name, text)) in [("name", "孙三"), ("phone", "13711110003")].into_iter().enumerate() {
        sheet.write(0, column as u16, name).expect("written");
        sheet.write(1, column as u16, text).expect("written");
    }
    sheet.write(0, 2, "value").expect("written");
    sheet.write(1, 2, 88.5).expect("written");
    sheet.write(0, 3, "points").expect("written");
    sheet.write(1, 3, 30).expect("written");
    let ((status, answer), _) = hq.send("/api/import/members", book.save_to_buffer().expect("a workbook"), true).await;
    assert_eq!(status, 200, "{answer}");
    let job = answer["job"].as_str().expect("a job").to_owned();
    for _ in 0..200 {
        if hq.get(&format!("/api/import/{job}")).await.1["state"] != "running" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let found = hq.get("/api/members?text=13711110003").await.1["rows"][0]["id"].as_str().expect("an id").to_owned();
    let (_, member) = hq.get(&format!("/api/members/{found}")).await;
    assert_eq!((&member["value"]["principal"], &member["points"]["usable"]), (&json!(8_850), &json!(30)));
}
