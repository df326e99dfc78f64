/** What failed is told to the user in the words of who refused it. */
import * as vscode from 'vscode';

export async function told<Answer>(promise: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await promise;
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    void vscode.window.showWarningMessage(sentence.startsWith('Vouchsafe') ? sentence : `Vouchsafe: ${sentence}`);
    return undefined;
  }
}
