//! Compiling, in a process of its own. A small component can be made so that the compiler takes minutes and gigabytes over it, and it
//! can't be interrupted; a process can. The same binary is started again with a private argument, reads the component from its
//! input, and writes the compiled code to its output, under limits on time and memory that it sets itself before it reads a byte.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, setrlimit};

use crate::engine;
use crate::limits::{Class, Limits};

/// The private argument. A test harness that is started with it runs no test, and an honest command line doesn't know it.
const CHILD_ARGUMENT: &str = "coalition-rules-compile-child";
/// Says that the output is from such a child, and not from a program that never called [`run_child_if_asked`].
const GREETING: &[u8] = b"coalition-rules-compiled\n";
/// The child's way of saying that the component itself is to blame.
const EXIT_REFUSED: u8 = 65;
/// Threads that compile. Each costs address space, so their number must not follow the machine's.
const THREADS: u64 = 2;
/// Text that is taken from a child that failed.
const MESSAGE_BYTES_MAX: u64 = 4 << 10;

/// Who compiles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Compiler {
    /// This very binary, started again; its `main` begins with [`run_child_if_asked`].
    #[default]
    CurrentExe,
    /// Another binary whose `main` begins with [`run_child_if_asked`], built from the same source with the same settings.
    Program(PathBuf),
    /// This process, without a limit on time or memory. Only for tests of trusted components, where the binary is a test harness.
    InProcessForTests,
}

/// Why there is no compiled code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompileError {
    /// The component can't be compiled.
    #[error("{0}")]
    Refused(String),
    /// It takes too long.
    #[error("compiling it takes longer than {0} s")]
    Time(u64),
    /// It takes too much memory.
    #[error("compiling it takes more than {0} bytes of memory")]
    Memory(u64),
    /// The compiler could not be run; the component is not to blame.
    #[error("the compiler could not be run: {0}")]
    Compiler(String),
}

/// What one compilation may take.
#[derive(Clone, Copy)]
struct Time {
    wall_s: u64,
    /// Over all threads.
    processor_s: u64,
}

impl Time {
    fn of(class: Class, limits: &Limits) -> Self {
        match class {
            Class::Native => Self { wall_s: limits.compile_s_max, processor_s: limits.compile_s_max.saturating_mul(THREADS) },
            Class::Engine => Self { wall_s: limits.compile_engine_wall_s_max, processor_s: limits.compile_engine_s_max },
        }
    }
}

/// Compiles a component that was scanned before. Blocking, for up to the wall time of its class.
pub(crate) fn compile(compiler: &Compiler, component: &[u8], class: Class, limits: &Limits) -> Result<Vec<u8>, CompileError> {
    let program = match compiler {
        Compiler::InProcessForTests => {
            return compile_here(component).map_err(CompileError::Refused);
        }
        Compiler::Program(program) => program.clone(),
        Compiler::CurrentExe => this_exe().map_err(trouble)?,
    };
    let time = Time::of(class, limits);
    let child = Command::new(&program)
        .arg(CHILD_ARGUMENT)
        .arg(limits.compile_memory_bytes_max.to_string())
        .arg(time.processor_s.to_string())
        .env_clear()
        .env("RAYON_NUM_THREADS", THREADS.to_string())
        // Whichever allocator the program has: it must not reserve more addresses than the child may have.
        .env("MALLOC_ARENA_MAX", "2")
        .env("MIMALLOC_ARENA_RESERVE", "16MiB")
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| CompileError::Compiler(format!("{}: {error}", program.display())))?;
    let ended = supervise(child, component, Duration::from_secs(time.wall_s), limits).map_err(trouble)?;
    if ended.late {
        return Err(CompileError::Time(time.wall_s));
    }
    if ended.status.success() {
        return match ended.output.strip_prefix(GREETING) {
            Some(code) if ended.output.len() <= limits.compiled_bytes_max => Ok(code.to_vec()),
            Some(_) => Err(CompileError::Refused(format!("its compiled code is over {} bytes", limits.compiled_bytes_max))),
            None => Err(CompileError::Compiler(format!("{} doesn't begin with run_child_if_asked()", program.display()))),
        };
    }
    Err(why(&ended, time, limits))
}

/// This binary, and not a newer one that an upgrade has put in its place: its code would not fit ours.
fn this_exe() -> io::Result<PathBuf> {
    let running = Path::new("/proc/self/exe");
    if running.exists() { Ok(running.to_owned()) } else { std::env::current_exe() }
}

fn trouble(error: io::Error) -> CompileError {
    CompileError::Compiler(error.to_string())
}

fn compile_here(component: &[u8]) -> Result<Vec<u8>, String> {
    engine::compiling().and_then(|engine| engine.precompile_component(component)).map_err(|error| format!("{error:#}"))
}

struct Ended {
    status: ExitStatus,
    output: Vec<u8>,
    message: String,
    late: bool,
}

/// Feeds the child, collects what it says, and ends it when its time is up.
fn supervise(mut child: Child, component: &[u8], wall: Duration, limits: &Limits) -> io::Result<Ended> {
    let (input, output, message) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let output_bytes_max = u64::try_from(limits.compiled_bytes_max).unwrap_or(u64::MAX).saturating_add(1);
    thread::scope(|scope| {
        // Errors of the pipes only say that the child has ended; how it ended is said by its status.
        scope.spawn(move || input.map(|mut input| input.write_all(component)));
        let output = scope.spawn(move || drain(output, output_bytes_max));
        let message = scope.spawn(move || drain(message, MESSAGE_BYTES_MAX));
        let waited = wait(&mut child, wall);
        if waited.is_err() {
            let _ = child.kill();
            let _ = child.wait();
        }
        let output = output.join().unwrap_or_default();
        let message = message.join().unwrap_or_default();
        let (status, late) = waited?;
        Ok(Ended { status, output, message: String::from_utf8_lossy(&message).trim().to_owned(), late })
    })
}

fn drain(pipe: Option<impl Read>, bytes_max: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        let _ = pipe.take(bytes_max).read_to_end(&mut bytes);
    }
    bytes
}

/// How the child ended, and whether it had to be killed.
fn wait(child: &mut Child, limit: Duration) -> io::Result<(ExitStatus, bool)> {
    let start = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok((status, false));
        }
        if start.elapsed() > limit {
            child.kill()?;
            return Ok((child.wait()?, true));
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

fn why(ended: &Ended, time: Time, limits: &Limits) -> CompileError {
    use std::os::unix::process::ExitStatusExt;

    use rustix::process::Signal;

    if ended.status.code() == Some(i32::from(EXIT_REFUSED)) {
        return CompileError::Refused(ended.message.clone());
    }
    let signal = ended.status.signal();
    if signal == Some(Signal::XCPU.as_raw()) || signal == Some(Signal::KILL.as_raw()) {
        return CompileError::Time(time.processor_s);
    }
    if ended.message.contains("memory allocation") || ended.message.contains("Cannot allocate memory") {
        return CompileError::Memory(limits.compile_memory_bytes_max);
    }
    if signal.is_some() {
        // A compiler that crashes on a component is no compiler for it.
        return CompileError::Refused(format!("the compiler crashed on it ({}): {}", ended.status, ended.message));
    }
    CompileError::Compiler(format!("{}: {}", ended.status, ended.message))
}

/// A binary that uses the sandbox calls this first in `main`: when the process is the one that compiles, it does that job and exits.
pub fn run_child_if_asked() {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_none_or(|first| first != CHILD_ARGUMENT) {
        return;
    }
    let mut number = || arguments.next().and_then(|text| text.to_str().and_then(|text| text.parse::<u64>().ok()));
    let code = match (number(), number()) {
        (Some(memory_bytes_max), Some(processor_s_max)) => child(memory_bytes_max, processor_s_max),
        _ => {
            // Not our parent: say nothing that could be taken for compiled code.
            eprintln!("this argument is not for people");
            64
        }
    };
    std::process::exit(code.into());
}

fn child(memory_bytes_max: u64, processor_s_max: u64) -> u8 {
    match limit(memory_bytes_max, processor_s_max).and_then(|()| read_component()) {
        Err(error) => {
            eprintln!("{error}");
            1
        }
        Ok(component) => match compile_here(&component) {
            Err(error) => {
                eprintln!("{error}");
                // What failed for want of memory is told apart by the parent.
                if error.contains("Cannot allocate memory") { 1 } else { EXIT_REFUSED }
            }
            Ok(code) => {
                let mut output = io::stdout().lock();
                let written = output.write_all(GREETING).and_then(|()| output.write_all(&code)).and_then(|()| output.flush());
                u8::from(written.is_err())
            }
        },
    }
}

fn limit(memory_bytes_max: u64, processor_s_max: u64) -> io::Result<()> {
    let set = |resource, limit| setrlimit(resource, Rlimit { current: Some(limit), maximum: Some(limit) });
    set(Resource::As, memory_bytes_max)?;
    // Processor time is counted over all threads; the wall clock is the parent's.
    set(Resource::Cpu, processor_s_max.max(1))?;
    // It writes no files, not even to tell how it died.
    set(Resource::Fsize, 0)?;
    set(Resource::Core, 0)?;
    Ok(())
}

fn read_component() -> io::Result<Vec<u8>> {
    let mut component = Vec::new();
    io::stdin().lock().read_to_end(&mut component)?;
    Ok(component)
}
