package inside

const sysMemfdCreate = 279
