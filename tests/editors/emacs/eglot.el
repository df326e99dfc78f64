;;; One session of a real Emacs with eglot: emacs -Q --batch -l eglot.el -*- lexical-binding: t -*-
;;
;; Played by tests/editors/play-others in a directory with a.txt. Any error ends it with a code that is not 0.

(require 'eglot)
(setq eglot-sync-connect 20
      eglot-confirm-server-edits nil)
(add-to-list 'eglot-server-programs '(text-mode . ("vouchsafe" "serve")))

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
  (let* ((actions (append (eglot-code-actions (point) (line-end-position)) nil))
         (found (seq-find (lambda (action) (string-search title (plist-get action :title))) actions)))
    (unless found (error "No action %s in %S" title actions))
    (eglot-execute (eglot-current-server) found)))

(defun expect (what wanted)
  (unless (equal wanted (buffer-string)) (error "%s: %S" what (buffer-string)))
  (say "%s: as it should be" what))

;; The question at the end of a task.
(advice-add 'completing-read :override (lambda (&rest _) "Review later"))

(find-file "a.txt")
(text-mode)
(call-interactively #'eglot)
(wait "the server" #'eglot-current-server)
(choose 1 "Shout")
(wait "two findings" (lambda () (flymake-start) (= 2 (length (flymake-diagnostics)))))
(dolist (one (flymake-diagnostics)) (say "%s" (flymake-diagnostic-text one)))
(undo-boundary)
(choose 6 "Accept this change")
(wait "the accepted change" (lambda () (string-search "WORLD" (buffer-string))))
(expect "accepted" "hello\n1\n2\n3\n4\nWORLD\n")
(let ((hover (progn (goto-char (point-min))
                    (forward-line 5)
                    (eglot--request (eglot-current-server) :textDocument/hover (eglot--TextDocumentPositionParams)))))
  (say "hover: %s" (plist-get (plist-get hover :contents) :value)))
(undo-boundary)
(setq last-command nil)
(undo)
(expect "undone" "hello\n1\n2\n3\n4\nworld\n")
(set-buffer-modified-p nil)
(eglot-shutdown (eglot-current-server))
(say "done")
