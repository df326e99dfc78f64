;;; One session of a real Emacs with lsp-mode: emacs -Q --batch -l lsp-mode.el -*- lexical-binding: t -*-
;;
;; Played by tests/editors/play-others in a directory with a.txt. Any error ends it with a code that is not 0.

(require 'package)
;; Where Debian puts it.
(dolist (where '("elpa" "elpa-src"))
  (add-to-list 'package-directory-list (concat "/usr/share/emacs/site-lisp/" where)))
(package-initialize)
(require 'lsp-mode)
(setq lsp-enable-file-watchers nil
      lsp-before-save-edits nil
      lsp-session-file (expand-file-name "lsp-session" "~"))
(add-to-list 'lsp-language-id-configuration '(text-mode . "plaintext"))
(lsp-register-client
 (make-lsp-client :new-connection (lsp-stdio-connection '("vouchsafe" "serve"))
                  :activation-fn (lambda (&rest _) t)
                  :add-on? t
                  :priority -1
                  :server-id 'vouchsafe))

(defun say (format &rest words)
  (princ (concat (apply #'format format words) "\n")))

(defun wait (what done)
  "Serve events until DONE holds; fail naming WHAT."
  (let ((end (+ (float-time) 40)))
    (while (not (funcall done))
      (when (> (float-time) end) (error "Waited 40 s for %s" what))
      (accept-process-output nil 0.05))))

(defun choose (line title)
  "Run the code action on LINE that holds TITLE."
  (goto-char (point-min))
  (forward-line (1- line))
  (let* ((actions (append (lsp-code-actions-at-point) nil))
         (found (seq-find (lambda (action) (string-search title (lsp:code-action-title action))) actions)))
    (unless found (error "No action %s in %S" title actions))
    (lsp-execute-code-action found)))

(defun findings ()
  (let (found)
    (maphash (lambda (_ list) (setq found (append list found))) (lsp-diagnostics))
    found))

(defun expect (what wanted)
  (unless (equal wanted (buffer-string)) (error "%s: %S" what (buffer-string)))
  (say "%s: as it should be" what))

;; The question at the end of a task.
(advice-add 'completing-read :override (lambda (&rest _) "Review later"))

(lsp-workspace-folders-add default-directory)
(find-file "a.txt")
(text-mode)
(buffer-enable-undo)
(lsp)
(wait "the server" (lambda () (and (lsp-workspaces)
                                   (eq 'initialized (lsp--workspace-status (car (lsp-workspaces)))))))
(choose 1 "Shout")
(wait "two findings" (lambda () (= 2 (length (findings)))))
(dolist (one (findings)) (say "%s" (lsp:diagnostic-message one)))
(undo-boundary)
(choose 6 "Accept this change")
(wait "the accepted change" (lambda () (string-search "WORLD" (buffer-string))))
(expect "accepted" "hello\n1\n2\n3\n4\nWORLD\n")
(undo-boundary)
(setq last-command nil)
(undo)
(expect "undone" "hello\n1\n2\n3\n4\nworld\n")
(set-buffer-modified-p nil)
(lsp-workspace-shutdown (car (lsp-workspaces)))
(say "done")
