//! How to set up a model, for who has none: a page that every editor can show.

use super::Session;
use super::outgoing::Outgoing;
use crate::config;

impl Session {
    /// Shows how a model is configured, with the path of the file to write.
    ///
    /// # Errors
    /// One sentence when the page cannot be written.
    pub(super) fn set_up_model(&self) -> Result<(), String> {
        let dirs = &self.services.dirs;
        let file = config::user_file(dirs.config_home.as_deref(), dirs.home.as_deref());
        let file = file.map_or_else(|| "config.toml".to_owned(), |file| file.display().to_string());
        let path = dirs.state.join("set-up-a-model.md");
        super::look::put(&path, &page(&file))
            .map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
        self.tell(Outgoing::Show { path, line: Some(1) });
        Ok(())
    }
}

fn page(file: &str) -> String {
    format!(
        r#"# Set up a model

Vouchsafe asks the model that you name, local or remote, and no other. Write into `{file}`:

A model on this machine (Ollama, llama.cpp, vLLM, LM Studio):

```toml
[models.profiles.local]
base_url = "http://127.0.0.1:11434/v1"
model = "qwen3-coder:30b"
```

A model of a provider, its key taken from an environment variable of the process that starts the editor:

```toml
[models.profiles.remote]
base_url = "https://api.openai.com/v1"
model = "the model's name"
format = "responses"
key_env = "OPENAI_API_KEY"
```

With more than one profile, say which does what:

```toml
[models]
default = "remote"
explain = "local"
```

The file is read again when it changes: the tasks appear among the code actions then. Without a model, recipes
(commands, confined and reviewed in the same way) work all the same.
"#
    )
}
