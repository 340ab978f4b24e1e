! records FILE COUNT: unformatted sequential records of 8000 bytes, each between two length fields.
program records
  implicit none
  integer :: i, n
  real(8) :: values(1000)
  character(len=4096) :: path
  character(len=20) :: count
  call get_command_argument(1, path)
  call get_command_argument(2, count)
  read (count, *) n
  values = [(i * 1.5d0, i = 1, 1000)]
  open (10, file=trim(path), form='unformatted', action='write')
  do i = 1, n
    values(1) = i
    write (10) values
  end do
  close (10)
end program
