package inside

const sysMemfdCreate = 319
