/** The client library, a bundle of its own: it is loaded when a server is started, not when the extension is. */
export * from 'vscode-languageclient/node';
