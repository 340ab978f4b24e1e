      * The batch job of the example: writes COUNT invoices of 128 bytes to the file that the
      * environment calls INVOICES, or to one of that name.
      *     invoices COUNT
       IDENTIFICATION DIVISION.
       PROGRAM-ID. INVOICES.
       ENVIRONMENT DIVISION.
       INPUT-OUTPUT SECTION.
       FILE-CONTROL.
           SELECT INVOICE-FILE ASSIGN TO "INVOICES"
               ORGANIZATION SEQUENTIAL.
       DATA DIVISION.
       FILE SECTION.
       FD  INVOICE-FILE.
       01  INVOICE.
           05  INVOICE-NUMBER   PIC 9(10).
           05  CUSTOMER         PIC X(30).
           05  AMOUNT           PIC 9(12)V99.
           05  NOTE             PIC X(74).
       WORKING-STORAGE SECTION.
       01  ARGUMENT             PIC X(20).
       01  INVOICE-COUNT        PIC 9(10).
       01  I                    PIC 9(10) COMP.
       PROCEDURE DIVISION.
           ACCEPT ARGUMENT FROM COMMAND-LINE
           MOVE FUNCTION NUMVAL(ARGUMENT) TO INVOICE-COUNT
           OPEN OUTPUT INVOICE-FILE
           PERFORM VARYING I FROM 1 BY 1 UNTIL I > INVOICE-COUNT
               MOVE I TO INVOICE-NUMBER
               MOVE "A CUSTOMER OF MANY YEARS" TO CUSTOMER
               COMPUTE AMOUNT = I * 1.25
               MOVE "TO BE PAID WITHIN THIRTY DAYS" TO NOTE
               WRITE INVOICE
           END-PERFORM
           CLOSE INVOICE-FILE
           STOP RUN.
