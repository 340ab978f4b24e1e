! The batch job of the example: writes COUNT records of 64 bytes to the file PATH, one at a time.
!     ledger PATH COUNT
program ledger
  implicit none
  character(len=4096) :: path, count_text
  integer(8) :: i, count
  real(8) :: amounts(7)

  call get_command_argument(1, path)
  call get_command_argument(2, count_text)
  read(count_text, *) count

  open(unit=10, file=trim(path), form='unformatted', access='sequential', status='replace')
  do i = 1, count
    amounts = i * [1.0d0, 1.5d0, 2.0d0, 2.5d0, 3.0d0, 3.5d0, 4.0d0]
    write(10) amounts
  end do
  close(10)
end program
