      *> lines COUNT: a line-sequential file of 100-character records, named by DD_LINES.
       IDENTIFICATION DIVISION.
       PROGRAM-ID. LINES-OUT.
       ENVIRONMENT DIVISION.
       INPUT-OUTPUT SECTION.
       FILE-CONTROL.
           SELECT L ASSIGN TO "LINES" ORGANIZATION LINE SEQUENTIAL.
       DATA DIVISION.
       FILE SECTION.
       FD L.
       01 L-REC.
          05 L-NUMBER PIC 9(12).
          05 L-TEXT PIC X(88).
       WORKING-STORAGE SECTION.
       01 I PIC S9(9) COMP-5.
       01 N PIC S9(9) COMP-5.
       01 A PIC X(20).
       PROCEDURE DIVISION.
           ACCEPT A FROM COMMAND-LINE
           COMPUTE N = FUNCTION NUMVAL(A)
           MOVE ALL "." TO L-TEXT
           OPEN OUTPUT L
           PERFORM VARYING I FROM 1 BY 1 UNTIL I > N
               MOVE I TO L-NUMBER
               WRITE L-REC
           END-PERFORM
           CLOSE L
           STOP RUN.
