# shellcheck shell=bash disable=SC2034
# Locks every file it opens; standard output is its only other one.
needs=cobc
prepare() {
  cat >"$BESIDE/w.cob" <<'COB'
       IDENTIFICATION DIVISION.
       PROGRAM-ID. W.
       ENVIRONMENT DIVISION.
       INPUT-OUTPUT SECTION.
       FILE-CONTROL.
           SELECT S ASSIGN TO "sequential" ORGANIZATION SEQUENTIAL.
           SELECT L ASSIGN TO "lines" ORGANIZATION LINE SEQUENTIAL.
           SELECT R ASSIGN TO "relative" ORGANIZATION RELATIVE
               ACCESS RANDOM RELATIVE KEY K.
       DATA DIVISION.
       FILE SECTION.
       FD S.
       01 S-REC PIC X(120).
       FD L.
       01 L-REC PIC X(120).
       FD R.
       01 R-REC PIC X(80).
       WORKING-STORAGE SECTION.
       01 I PIC 9(8).
       01 N PIC 9(8) VALUE 8000.
       01 K PIC 9(8).
       01 A PIC X(20).
       PROCEDURE DIVISION.
           ACCEPT A FROM COMMAND-LINE
           IF A = "large" MOVE 150000 TO N END-IF
           OPEN OUTPUT S
           PERFORM VARYING I FROM 1 BY 1 UNTIL I > N
               MOVE I TO S-REC
               WRITE S-REC
           END-PERFORM
           CLOSE S
           IF A = "large" STOP RUN END-IF
           OPEN I-O S
           READ S
           READ S
           MOVE "REWRITTEN" TO S-REC
           REWRITE S-REC
           CLOSE S
           OPEN EXTEND S
           MOVE "EXTENDED" TO S-REC
           WRITE S-REC
           CLOSE S
           OPEN OUTPUT L
           PERFORM VARYING I FROM 1 BY 1 UNTIL I > N
               MOVE I TO L-REC
               WRITE L-REC
           END-PERFORM
           CLOSE L
           OPEN OUTPUT R
           PERFORM VARYING I FROM 1 BY 1 UNTIL I > 500
               COMPUTE K = 501 - I
               MOVE I TO R-REC
               WRITE R-REC
           END-PERFORM
           CLOSE R
           PERFORM 2000 TIMES DISPLAY "to standard output" END-PERFORM
           STOP RUN.
COB
  cobc -x -o "$BESIDE/w" "$BESIDE/w.cob"
}
run() { "$BESIDE/w"; "$BESIDE/w" >stdout; }
title='COBOL sequential file'
residue='locks its file: handed back'
large() { "$BESIDE/w" large; }
