fn main() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    uibuild::build_script(&root, uibuild::App::Hub);
}
