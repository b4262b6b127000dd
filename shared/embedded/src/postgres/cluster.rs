//! Making the cluster once, and saying at every start who may connect.

use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::owner::Owner;
use crate::Error;

/// The role that owns everything, and the database made for it.
pub(super) const NAME: &str = "leito";

/// Where things are.
#[derive(Debug)]
pub(super) struct Cluster<'a> {
    pub binaries: &'a Path,
    pub owner: &'a Owner,
    pub data: &'a Path,
}

impl Cluster<'_> {
    pub fn folder(&self) -> PathBuf {
        self.data.join("postgres")
    }

    /// Makes the cluster unless it is there. Half-made ones are thrown away: the folder gets its name when all is done.
    pub fn ensure(&self) -> Result<(), Error> {
        let folder = self.folder();
        if !folder.exists() {
            let unfinished = self.data.join("postgres.new");
            if unfinished.exists() {
                fs::remove_dir_all(&unfinished).map_err(Error::folder(&unfinished))?;
            }
            self.owner.make_folder(&unfinished)?;
            self.initialise(&unfinished)?;
            fs::rename(&unfinished, &folder).map_err(Error::folder(&folder))?;
        }
        self.say_who_may_connect()
    }

    pub fn password(&self) -> Result<String, Error> {
        let file = self.data.join("postgres.password");
        fs::read_to_string(&file).map_err(Error::folder(&file))
    }

    fn initialise(&self, folder: &Path) -> Result<(), Error> {
        let mut initdb = self.command("initdb", folder);
        initdb.args([
            "--username",
            NAME,
            "--encoding",
            "UTF8",
            "--locale",
            "C",
            "--auth",
            "reject",
            "--pgdata",
        ]);
        run(initdb.arg(folder), "")?;
        let password = self.new_password()?;
        let mut single = self.command("postgres", folder);
        single.args(["--single", "-D"]).arg(folder).arg("postgres");
        run(
            &mut single,
            &format!("CREATE DATABASE {NAME}\nALTER ROLE {NAME} PASSWORD '{password}'\n"),
        )
    }

    fn new_password(&self) -> Result<String, Error> {
        let (source, file) = (
            Path::new("/dev/urandom"),
            self.data.join("postgres.password"),
        );
        let mut random = [0; 16];
        let mut device = fs::File::open(source).map_err(Error::folder(source))?;
        device
            .read_exact(&mut random)
            .map_err(Error::folder(source))?;
        let password = format!("{:032x}", u128::from_be_bytes(random));
        let mut open = OpenOptions::new();
        open.write(true).create(true).truncate(true).mode(0o600);
        let mut file_handle = open.open(&file).map_err(Error::folder(&file))?;
        file_handle
            .write_all(password.as_bytes())
            .map_err(Error::folder(&file))?;
        Ok(password)
    }

    /// Written at every start, so that the folder may change hands.
    fn say_who_may_connect(&self) -> Result<(), Error> {
        let folder = self.folder();
        let rules = "local all all peer map=leito\nhost all all 127.0.0.1/32 scram-sha-256\n";
        let users = format!("leito \"{}\" {NAME}\n", self.owner.our_name);
        for (name, text) in [("pg_hba.conf", rules), ("pg_ident.conf", &users)] {
            let file = folder.join(name);
            fs::write(&file, text).map_err(Error::folder(&file))?;
        }
        Ok(())
    }

    fn command(&self, program: &str, folder: &Path) -> Command {
        let line = self.owner.run_as(folder);
        let mut command = Command::new(&line[0]);
        command
            .args(&line[1..])
            .arg(self.binaries.join(program))
            .env_clear()
            .env("PATH", "/usr/bin:/bin");
        command.current_dir("/");
        command
    }
}

/// Runs a short command to its end; its last words become the error.
fn run(command: &mut Command, input: &str) -> Result<(), Error> {
    let failed = |message: String| Error::PostgresSetup { message };
    let started = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = started.map_err(|error| failed(error.to_string()))?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin
            .write_all(input.as_bytes())
            .map_err(|error| failed(error.to_string()))?;
    }
    let Output { status, stderr, .. } = child
        .wait_with_output()
        .map_err(|error| failed(error.to_string()))?;
    let words = String::from_utf8_lossy(&stderr);
    // The single-user server reports a failed statement and still ends well.
    if status.success() && !words.contains("ERROR:") {
        Ok(())
    } else {
        Err(failed(words.trim().to_owned()))
    }
}
