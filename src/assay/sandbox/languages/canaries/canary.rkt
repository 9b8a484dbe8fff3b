#lang racket/base
(require racket/tcp)

(define-syntax-rule (works? body)
  (with-handlers ([exn:fail? (lambda (refused) #f)])
    body
    #t))

(define word (read))
(case word
  [(add)
   (displayln (+ (read) (read)))
   (exit 3)]
  [(fail) (car '())]
  [(spin) (let loop () (loop))]
  [(hog) (let loop ([all '()]) (loop (cons (make-bytes 1048576 1) all)))]
  [(reach)
   (displayln (if (works? (open-input-file (symbol->string (read)))) "file" "no file"))
   (displayln (if (works? (tcp-connect "127.0.0.1" (read))) "connection" "no connection"))])
