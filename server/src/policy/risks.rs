//! What code looks like that uses the network, starts processes or makes code, by language: the table to add to.

use crate::syntax::Language::{
    self, Bash, C, CSharp, Cpp, Go, Java, JavaScript, Lua, Php, Python, Ruby, Rust, Tsx, TypeScript,
};

/// One row.
pub(super) struct Risk {
    /// Where it applies.
    pub(super) languages: &'static [Language],
    /// What it does, as the end of a sentence.
    pub(super) does: &'static str,
    /// Whether what shows it stands in quotes, like the name of a module.
    pub(super) quoted: bool,
    /// What shows it; `^` and `$` are those of a line.
    pub(super) pattern: &'static str,
}

const NETWORK: &str = "uses the network";
const PROCESS: &str = "starts a process";
const EVAL: &str = "runs code that is made or loaded at run time";

const SCRIPTS: &[Language] = &[JavaScript, TypeScript, Tsx];

const fn code(languages: &'static [Language], does: &'static str, pattern: &'static str) -> Risk {
    Risk { languages, does, quoted: false, pattern }
}

const fn quoted(languages: &'static [Language], does: &'static str, pattern: &'static str) -> Risk {
    Risk { languages, does, quoted: true, pattern }
}

pub(super) static RISKS: &[Risk] = &[
    code(&[Rust], NETWORK, r"\b(TcpStream|TcpListener|UdpSocket|reqwest::|ureq::|hyper::)"),
    code(&[Rust], PROCESS, r"\bCommand::new\b|\bprocess::Command\b|\blibc::(system|fork|exec\w+)\b"),
    code(&[Rust], EVAL, r"\bLibrary::new\b|\blibc::dlopen\b"),
    code(
        &[Python],
        NETWORK,
        r"^\s*(import|from)\s+(socket|requests|urllib|http\.client|httpx|aiohttp|ftplib|smtplib|paramiko)\b|\bsocket\.(socket|create_connection)\b|\burllib\.request\b|\burlopen\s*\(|\b(requests|httpx)\.(get|post|put|request|Session|Client)\b",
    ),
    code(
        &[Python],
        PROCESS,
        r"\bos\.(system|popen|exec[lv]\w*|spawn\w*)\b|\bsubprocess\.\w+|\bpty\.spawn\b|^\s*(import|from)\s+(subprocess|pty)\b",
    ),
    code(
        &[Python],
        EVAL,
        r"(^|[^.\w])(eval|exec|__import__)\s*\(|\b(pickle|marshal|dill)\.loads?\s*\(|\byaml\.(unsafe_)?load\s*\(",
    ),
    code(
        SCRIPTS,
        NETWORK,
        r"(^|[^.\w])fetch\s*\(|\bnew\s+(WebSocket|XMLHttpRequest|EventSource)\b|\bsendBeacon\s*\(",
    ),
    quoted(
        SCRIPTS,
        NETWORK,
        r#"(\brequire\s*\(\s*|\bfrom\s+|\bimport\s*\(?\s*)['"](node:)?(net|http|https|http2|tls|dgram|axios|node-fetch|got|ws|undici)['"]"#,
    ),
    quoted(
        SCRIPTS,
        PROCESS,
        r#"(\brequire\s*\(\s*|\bfrom\s+|\bimport\s*\(?\s*)['"](node:)?child_process['"]"#,
    ),
    code(SCRIPTS, PROCESS, r"\b(execSync|execFileSync|spawnSync|Deno\.Command|Bun\.spawn)\b"),
    code(SCRIPTS, EVAL, r"(^|[^.\w])eval\s*\(|\bnew\s+Function\s*\(|\bvm\.runIn\w+"),
    quoted(&[Go], NETWORK, r#"^\s*(import\s+)?([\w.]+\s+)?"(net|net/http|net/rpc|net/smtp|crypto/tls)"\s*$"#),
    code(&[Go], NETWORK, r"\bnet\.(Dial|Listen)\w*|\bhttp\.(Get|Post|PostForm|NewRequest|ListenAndServe)\w*"),
    quoted(&[Go], PROCESS, r#"^\s*(import\s+)?([\w.]+\s+)?"(os/exec|plugin)"\s*$"#),
    code(&[Go], PROCESS, r"\bexec\.Command\w*|\bsyscall\.(Exec|ForkExec)\b"),
    code(
        &[Java],
        NETWORK,
        r"\b(Socket|ServerSocket|DatagramSocket|HttpURLConnection|URLConnection|HttpClient)\b",
    ),
    code(&[Java], PROCESS, r"\bRuntime\.getRuntime\s*\(|\bProcessBuilder\b"),
    code(&[Java], EVAL, r"\bScriptEngine\w*|\bObjectInputStream\b|\bClass\.forName\b"),
    code(&[C, Cpp], NETWORK, r"(^|[^.\w>])(socket|getaddrinfo|sendto|curl_easy_\w+)\s*\("),
    code(&[C, Cpp], PROCESS, r"(^|[^.\w>])(system|popen|fork|vfork|exec[lv]p?e?|posix_spawnp?)\s*\("),
    code(&[C, Cpp], EVAL, r"(^|[^.\w>])dlopen\s*\("),
    code(&[CSharp], NETWORK, r"\b(HttpClient|TcpClient|TcpListener|UdpClient|WebClient|WebRequest|Socket)\b"),
    code(&[CSharp], PROCESS, r"\bProcess\.Start\b|\bProcessStartInfo\b"),
    code(&[CSharp], EVAL, r"\bAssembly\.Load\w*|\bBinaryFormatter\b|\bCSharpScript\b"),
    code(&[Ruby], NETWORK, r"\b(TCPSocket|TCPServer|UDPSocket|Net::HTTP|URI\.open|Faraday|HTTParty)\b"),
    code(&[Ruby], PROCESS, r"(^|[^.:\w])(system|exec|spawn)[\s(]|\bOpen3\b|\bIO\.popen\b|\bProcess\.spawn\b"),
    code(&[Ruby], EVAL, r"(^|[^.:\w])eval[\s(]|\b(instance|class|module)_eval\b|\bMarshal\.load\b"),
    code(&[Php], NETWORK, r"\b(curl_init|curl_exec|fsockopen|stream_socket_client)\s*\("),
    code(&[Php], PROCESS, r"(^|[^\w>:$])(shell_exec|exec|system|passthru|proc_open|popen|pcntl_exec)\s*\("),
    code(&[Php], EVAL, r"(^|[^\w>:$])(eval|create_function|unserialize)\s*\("),
    code(
        &[Bash],
        NETWORK,
        r"(^|[;&|({`]|\b(then|do|else|sudo|exec)\s)[ \t]*(curl|wget|nc|ncat|netcat|ssh|scp|rsync|telnet|socat|ftp)\b([ \t]|$)|/dev/(tcp|udp)/",
    ),
    code(
        &[Bash],
        EVAL,
        r"(^|[;&|({`]|\b(then|do|else|sudo|exec)\s)[ \t]*eval\b([ \t]|$)|\|[ \t]*(ba|z|da)?sh\b",
    ),
    code(&[Lua], PROCESS, r"\bos\.execute\b|\bio\.popen\b"),
    code(&[Lua], EVAL, r"(^|[^.:\w])(loadstring|load|dofile)\s*\("),
    quoted(&[Lua], NETWORK, r#"\brequire\s*\(?\s*['"](socket|http)[\w.]*['"]"#),
];
