# Prints the folder that a file belongs in.
folder_of() {
  name=${1#.}
  case $name in
    *.) echo other ;;
    ?*.*) printf '%s\n' "${name##*.}" | tr 'A-Z' 'a-z' ;;
    *) echo other ;;
  esac
}
